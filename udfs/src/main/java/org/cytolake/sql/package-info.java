/**
 * The pixel mathematics as SQL functions. With the jar on Spark's class path every session has
 * them, in {@code spark-sql}, Java, Scala and Python; {@code DESCRIBE FUNCTION EXTENDED
 * histogram_otsu} shows arguments and an example.
 *
 * <p>A <b>histogram</b> is {@code ARRAY<STRUCT<value, count>>}, in any order, equal values added
 * up, so that the histograms of several images collect into one; or {@code MAP<value, count>}. A
 * joint histogram is {@code ARRAY<STRUCT<x, y, count>>}. Fields are taken by position; separate
 * arrays become entries by {@code arrays_zip}. Entries with a NULL count nothing, any other NULL
 * argument gives NULL, and so does what is not defined, such as a correlation with a constant.
 *
 * <p>All start from the tuples, which the {@code microscopy} source counts in its reader. With
 *
 * <pre>{@code
 * CREATE TEMPORARY VIEW pixels USING microscopy OPTIONS (
 *   path 's3a://screens/2026-11/',
 *   pattern '(?<well>[A-P]\\d{2})_(?<field>\\d+)_channel(?<channel>\\d)\\.tif',
 *   channels '1=nuclei,3=cytoplasm')
 * }</pre>
 *
 * one statement each answers:
 *
 * <p>The stained area of every well, pixels above Otsu's threshold of their image:
 *
 * <pre>{@code
 * SELECT well, sum(stained_count(h, histogram_otsu(h))) AS stained_area_px
 * FROM (
 *   SELECT well, image, collect_list(struct(nuclei, n)) AS h
 *   FROM (SELECT well, image, nuclei, count(*) AS n FROM pixels GROUP BY well, image, nuclei)
 *   GROUP BY well, image)
 * GROUP BY well
 * }</pre>
 *
 * <p>The mean intensity of every image:
 *
 * <pre>{@code
 * SELECT image, avg(nuclei), avg(cytoplasm) FROM pixels GROUP BY image
 * }</pre>
 *
 * <p>Pearson's correlation in every image, exact in the sums:
 *
 * <pre>{@code
 * SELECT image, pearson_from_sums(
 *   sum(n), sum(n * nuclei), sum(n * cytoplasm), sum(n * nuclei * nuclei),
 *   sum(n * cytoplasm * cytoplasm), sum(n * nuclei * cytoplasm)) AS pearson
 * FROM (
 *   SELECT image, nuclei, cytoplasm, count(*) AS n FROM pixels GROUP BY image, nuclei, cytoplasm)
 * GROUP BY image
 * }</pre>
 *
 * <p>Grouped by plane (by {@code image}, and by {@code z} and {@code t} where images have several)
 * the source makes whole histograms while it reads:
 *
 * <pre>{@code
 * SELECT image, histogram_otsu(histogram(nuclei)), colocalization(joint_histogram(nuclei, cytoplasm))
 * FROM pixels GROUP BY image
 * }</pre>
 *
 * <p>In full the first three are the resources {@code examples/*.sql} of this package, which tests
 * run.
 *
 * <p>Normalised to the nuclei's mean and standard deviation, as {@code
 * org.cytolake.intensity.Normalization}, of a two-channel composite, whose absent slot is 0:
 *
 * <pre>{@code
 * SELECT image, normalize(nuclei, mean, stddev, 0, high), normalize(cytoplasm, mean, stddev, 0, high)
 * FROM pixels JOIN (
 *   SELECT image, avg(nuclei) AS mean, stddev_pop(nuclei) AS stddev,
 *          greatest(max(nuclei), max(cytoplasm)) AS high
 *   FROM pixels GROUP BY image) USING (image)
 * }</pre>
 *
 * <p>Each function is a public static method that generated code calls ({@code StaticInvoke}); the
 * classes that hold them are public for that and are no programming interface.
 */
package org.cytolake.sql;
