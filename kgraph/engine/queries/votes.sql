SELECT DISTINCT subject, relation, object, date, sentence FROM told
WHERE relation_id IN ('vetoes', 'votesAgainst', 'abstains') AND NOT negated
  AND (:name = '' OR object_id = :name
       OR (contains(lower(object), lower(:name)) AND :name NOT IN (SELECT id FROM entities)))
ORDER BY object, relation, subject
