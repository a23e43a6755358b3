SELECT DISTINCT subject, relation, object, modality, date, sentence FROM told
WHERE modality IN ('planned', 'possible') ORDER BY subject, object, date
