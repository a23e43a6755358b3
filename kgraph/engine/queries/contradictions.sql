SELECT DISTINCT a.subject, a.relation, a.object, a.document AS affirmed_in, b.document AS negated_in,
       a.sentence AS affirmed_sentence, b.sentence AS negated_sentence
FROM told a JOIN told b USING (subject_type, subject_id, relation_id, object_type, object_id)
WHERE NOT a.negated AND a.modality = 'actual' AND (b.negated OR b.modality = 'denied') AND a.document != b.document
ORDER BY a.subject, a.relation, a.object, affirmed_in, negated_in
