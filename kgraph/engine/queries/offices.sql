SELECT DISTINCT subject, relation, object, sentence FROM told
WHERE relation_id IN ('leads', 'actsFor') ORDER BY subject, object
