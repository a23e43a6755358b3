SELECT DISTINCT a.subject, a.object, wa.when AS before, a.relation AS relation_before, wb.when AS after,
       b.relation AS relation_after, a.sentence AS sentence_before, b.sentence AS sentence_after
FROM told a JOIN told b USING (subject_type, subject_id, object_type, object_id)
JOIN relations ra ON ra.name = a.relation_id JOIN relations rb ON rb.name = b.relation_id
JOIN whens wa ON wa.statement = a.statement JOIN whens wb ON wb.statement = b.statement
WHERE NOT a.negated AND a.modality = 'actual' AND NOT b.negated AND b.modality = 'actual'
  AND ra.plover IS NOT NULL AND rb.plover IS NOT NULL
  AND ((ra.polarity = '+' AND rb.polarity = '-') OR (ra.polarity = '-' AND rb.polarity = '+'))
  AND wa.when != '' AND wb.when != '' AND wa.when < wb.when
  AND (:name = '' OR subject_id = :name
       OR (contains(lower(a.subject), lower(:name)) AND :name NOT IN (SELECT id FROM entities)))
ORDER BY a.subject, a.object, before, after
