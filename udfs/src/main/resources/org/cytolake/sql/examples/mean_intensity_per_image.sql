-- The mean intensity of every image, in either channel.
SELECT
  image,
  count(*) AS pixels,
  avg(nuclei) AS mean_nuclei,
  avg(cytoplasm) AS mean_cytoplasm
FROM pixels
GROUP BY image
ORDER BY image
