SELECT DISTINCT subject, relation, object, negated, date, sentence FROM told
WHERE relation_id IN ('alliedWith', 'memberOf') ORDER BY relation, object, subject
