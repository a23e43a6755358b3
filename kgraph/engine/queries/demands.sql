SELECT DISTINCT subject, object, date, sentence FROM told
WHERE relation_id = 'requests' ORDER BY subject, object, date
