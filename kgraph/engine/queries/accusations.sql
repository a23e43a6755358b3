SELECT DISTINCT subject, relation, object, date, sentence FROM told
WHERE relation_id IN ('accuses', 'condemns') ORDER BY subject, object, date
