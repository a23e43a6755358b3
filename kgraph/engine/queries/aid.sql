SELECT DISTINCT subject, relation, object, date, sentence FROM told
WHERE relation_id IN ('aids', 'supports') ORDER BY subject, object, date
