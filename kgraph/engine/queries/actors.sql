SELECT subject AS actor, count(DISTINCT statement) AS assertions FROM told
GROUP BY subject ORDER BY assertions DESC, actor
