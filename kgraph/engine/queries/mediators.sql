SELECT DISTINCT subject, object, sentence FROM told
WHERE relation_id = 'mediates' ORDER BY subject, object
