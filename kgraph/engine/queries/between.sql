WITH named AS (
  SELECT when, subject, relation, object, negated, modality, said_by, sentence,
         concat('|', lower(subject), '|', lower(coalesce(acts_for, '')), '|') AS left,
         concat('|', lower(object), '|', lower(coalesce(acts_of, '')), '|') AS right
  FROM told JOIN whens USING (statement)
  JOIN entities s ON s.type = subject_type AND s.id = subject_id
  JOIN entities o ON o.type = object_type AND o.id = object_id
  LATERAL VIEW OUTER explode(s.principals) AS acts_for LATERAL VIEW OUTER explode(o.principals) AS acts_of
), given AS (
  SELECT CASE WHEN :one = '' THEN '|' ELSE concat('|', lower(:one), '|') END AS x,
         CASE WHEN :other = '' THEN '|' ELSE concat('|', lower(:other), '|') END AS y
)
SELECT DISTINCT when, subject, relation, object, negated, modality, said_by, sentence FROM named CROSS JOIN given
WHERE (contains(left, x) AND contains(right, y)) OR (contains(left, y) AND contains(right, x))
ORDER BY when, subject, relation, object
