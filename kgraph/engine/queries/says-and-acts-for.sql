SELECT DISTINCT subject, acts_for, relation, object, modality, said_by, date, sentence
FROM told JOIN entities s ON s.type = subject_type AND s.id = subject_id
LATERAL VIEW OUTER explode(s.principals) AS acts_for
WHERE :name = '' OR contains(lower(subject), lower(:name)) ORDER BY subject, object, date
