SELECT DISTINCT subject, relation, object, sentence FROM told
WHERE negated ORDER BY subject, object
