SELECT DISTINCT subject, object, negated, modality, date, sentence FROM told
WHERE relation_id = 'sanctions' ORDER BY subject, object, date
