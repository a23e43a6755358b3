SELECT d.source, count(DISTINCT d.id) AS documents, count(DISTINCT m.statement) AS assertions,
       count(DISTINCT CASE WHEN s.sources = 1 THEN m.statement END) AS alone
FROM documents d LEFT JOIN mentions m ON m.document = d.id LEFT JOIN statements s ON s.statement = m.statement
WHERE d.source IS NOT NULL GROUP BY d.source ORDER BY documents DESC, d.source
