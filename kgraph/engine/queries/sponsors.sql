SELECT DISTINCT subject, object, sentence FROM told
WHERE relation_id = 'sponsors' ORDER BY subject, object
