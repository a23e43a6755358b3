WITH shared AS (
  SELECT n.node, n.label, e.object_type, e.object FROM edges e
  JOIN nodes n ON n.type = e.subject_type AND n.id = e.subject
  WHERE e.relation IN ('supports', 'sponsors', 'signs', 'proposes', 'agreesWith')
)
SELECT s.label AS one, t.label AS other, count(DISTINCT s.object_type, s.object) AS things
FROM shared s JOIN shared t ON t.object_type = s.object_type AND t.object = s.object AND s.node < t.node
GROUP BY s.label, t.label ORDER BY things DESC, one, other
