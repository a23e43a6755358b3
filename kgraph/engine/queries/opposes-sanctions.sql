SELECT DISTINCT subject, relation, object, sentence FROM told JOIN entities o ON o.type = object_type AND o.id = object_id
WHERE relation_id IN ('opposes', 'rejects', 'vetoes', 'votesAgainst')
  AND (contains(lower(object), 'sanction')
       OR arrays_overlap(o.heads, array('sanction', 'move', 'measure', 'resolution', 'embargo')))
ORDER BY subject, object
