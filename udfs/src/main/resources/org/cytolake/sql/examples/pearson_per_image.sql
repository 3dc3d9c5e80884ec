-- Pearson's correlation of the two channels in every image, from exact sums over the distinct
-- pairs of intensities.
SELECT
  image,
  pearson_from_sums(
    sum(n),
    sum(n * nuclei),
    sum(n * cytoplasm),
    sum(n * nuclei * nuclei),
    sum(n * cytoplasm * cytoplasm),
    sum(n * nuclei * cytoplasm)) AS pearson
FROM (
  SELECT image, nuclei, cytoplasm, count(*) AS n
  FROM pixels
  GROUP BY image, nuclei, cytoplasm
)
GROUP BY image
ORDER BY image
