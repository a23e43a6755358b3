SELECT DISTINCT subject, object, negated, modality, said_by, date, sentence FROM told
WHERE relation_id = 'attacks' ORDER BY subject, object, date
