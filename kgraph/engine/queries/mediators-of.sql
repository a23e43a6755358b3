SELECT DISTINCT subject, object, modality, date, sentence FROM told
WHERE relation_id = 'mediates' AND NOT negated
  AND (:name = '' OR object_id = :name
       OR (contains(lower(object), lower(:name)) AND :name NOT IN (SELECT id FROM entities)))
ORDER BY subject, object
