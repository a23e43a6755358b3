WITH denials AS (
  SELECT statement, speaker_type AS type, speaker AS id FROM statements
  WHERE speaker IS NOT NULL
    AND (modality = 'denied' OR (negated AND subject_type = speaker_type AND subject = speaker))
  UNION
  SELECT s.statement, s.subject_type, s.subject FROM statements s JOIN entities o ON o.type = s.object_type AND o.id = s.object
  WHERE s.relation = 'rejects' AND s.modality = 'actual'
    AND arrays_overlap(o.heads, array('accusation', 'allegation', 'charge', 'claim', 'report'))
)
SELECT DISTINCT a.subject AS accuser, a.object AS accused, b.relation AS denial, b.object AS denied,
       a.sentence AS accusation_sentence, b.sentence AS denial_sentence
FROM denials d JOIN told b ON b.statement = d.statement
JOIN told a ON a.object_type = d.type AND a.object_id = d.id AND a.relation_id IN ('accuses', 'condemns') AND NOT a.negated
ORDER BY accuser, accused, denied
