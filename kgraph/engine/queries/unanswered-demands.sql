SELECT DISTINCT subject, object AS asked, sentence FROM told
LEFT ANTI JOIN (SELECT subject_type AS type, subject AS id FROM edges
                WHERE relation IN ('concedes', 'agreesWith', 'signs')) gave ON gave.type = object_type AND gave.id = object_id
WHERE relation_id = 'requests' AND NOT negated AND modality = 'actual'
  AND object_type IN ('State', 'Organization', 'Person', 'Group')
ORDER BY subject, asked
