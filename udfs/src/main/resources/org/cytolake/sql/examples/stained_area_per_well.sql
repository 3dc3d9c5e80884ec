-- The stained area of every well: pixels above Otsu's threshold of their image.
SELECT
  well,
  count(*) AS images,
  sum(stained_count(h, histogram_otsu(h))) AS stained_area_px,
  sum(stained_count(h, histogram_otsu(h))) / sum(histogram_count(h)) AS stained_fraction
FROM (
  SELECT well, image, collect_list(struct(nuclei, n)) AS h
  FROM (
    SELECT well, image, nuclei, count(*) AS n
    FROM pixels
    GROUP BY well, image, nuclei
  )
  GROUP BY well, image
)
GROUP BY well
ORDER BY well
