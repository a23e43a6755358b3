SELECT DISTINCT said_by, subject, relation, object, modality, sentence FROM told
WHERE said_by IS NOT NULL ORDER BY said_by, subject
