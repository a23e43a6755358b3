WITH against AS (
  SELECT n.node, n.label, r.label AS relation, e.object_type, e.object FROM edges e
  JOIN nodes n ON n.type = e.subject_type AND n.id = e.subject
  JOIN relations r ON r.name = e.relation AND r.polarity = '-' AND r.plover IS NOT NULL
  WHERE e.object_type IN ('State', 'Organization', 'Person', 'Group')
)
SELECT DISTINCT s.label AS one, s.relation AS relation_one, t.label AS other, t.relation AS relation_other, o.label AS against
FROM against s JOIN against t ON t.object_type = s.object_type AND t.object = s.object AND s.node < t.node
JOIN entities o ON o.type = s.object_type AND o.id = s.object ORDER BY against, one, other
