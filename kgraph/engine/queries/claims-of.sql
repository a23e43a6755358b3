SELECT DISTINCT said_by AS speaker, subject, relation, object, modality, sentence FROM told
WHERE contains(lower(said_by), lower(:name)) ORDER BY speaker, subject
