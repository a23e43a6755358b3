SELECT DISTINCT subject, relation, object, negated, modality, date, sources FROM told
WHERE sources > 1 ORDER BY sources DESC, subject, relation, object, date
