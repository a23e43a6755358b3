SELECT DISTINCT when, subject, relation, object, modality, said_by, sentence FROM told JOIN whens USING (statement)
WHERE relation_id IN ('threatens', 'mobilizes') AND NOT negated
  AND (:from = '' OR (when != '' AND substr(when, 1, length(:from)) >= substr(:from, 1, length(when))))
  AND (:to = '' OR (when != '' AND substr(when, 1, length(:to)) <= substr(:to, 1, length(when))))
ORDER BY when, subject, object
