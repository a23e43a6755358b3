SELECT DISTINCT date, subject, relation, object, modality, sentence FROM told
WHERE relation_id IN ('meets', 'visits') ORDER BY date, subject
