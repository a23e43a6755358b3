SELECT DISTINCT subject, relation, object, modality, said_by, date, sentence FROM told
WHERE sources = 1 AND NOT negated
  AND (:name = '' OR subject_id = :name
       OR (contains(lower(subject), lower(:name)) AND :name NOT IN (SELECT id FROM entities)))
ORDER BY subject, relation, object, date
