SELECT DISTINCT subject, relation, object, negated, modality, date, sentence FROM told
WHERE relation_id IN ('signs', 'agreesWith', 'participatesIn', 'violates') AND object_type = 'Instrument'
  AND (:name = '' OR object_id = :name
       OR (contains(lower(object), lower(:name)) AND :name NOT IN (SELECT id FROM entities)))
ORDER BY object, relation, subject
