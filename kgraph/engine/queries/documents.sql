SELECT d.id AS document, d.source, d.date, d.title, count(DISTINCT m.statement) AS assertions
FROM documents d LEFT JOIN mentions m ON m.document = d.id
GROUP BY d.id, d.source, d.date, d.title ORDER BY document
