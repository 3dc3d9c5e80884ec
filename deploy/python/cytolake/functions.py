"""Cytolake's SQL functions, as functions of columns.

A string names a column, as in ``pyspark.sql.functions``; numbers and lists are taken as they are.

Made by ``python3 deploy/python/make_functions.py`` from the catalogue of the functions: change that, not this file.
"""

from __future__ import annotations

from typing import Any, Union

from pyspark.sql import Column
from pyspark.sql import functions as _f

Argument = Union[Column, str, int, float, bool, list]


def _column(value: Any) -> Column:
    return value if isinstance(value, Column) else _f.col(value) if isinstance(value, str) else _f.lit(value)


def _call(name: str, *arguments: Any) -> Column:
    """Optional arguments are left out from the first that is None."""
    given = list(arguments)
    while given and given[-1] is None:
        given.pop()
    if None in [a for a in given if not isinstance(a, Column)]:
        raise TypeError(f"{name}: an argument before the last one given is None")
    return _f.call_function(name, *map(_column, given))


def histogram(x: Argument) -> Column:
    """Returns the histogram of a channel, ARRAY<STRUCT<value, count>>, ascending. The microscopy source counts it
    while it reads where the query groups by plane.

    * x - intensities of the channel: a number

    In SQL::

        SELECT histogram(x) FROM VALUES 7, 9, 7 AS t(x);
        -- [{"value":7,"count":2},{"value":9,"count":1}]
    """
    return _call("histogram", x)


def joint_histogram(x: Argument, y: Argument) -> Column:
    """Returns the joint histogram of two channels, ARRAY<STRUCT<x, y, count>>, ascending by x, then y. The
    microscopy source counts it while it reads where the query groups by plane.

    * x - intensities of the first channel: a number
    * y - intensities of the second channel: a number

    In SQL::

        SELECT joint_histogram(x, y) FROM VALUES (1, 5), (1, 2), (1, 5) AS t(x, y);
        -- [{"x":1,"y":2,"count":1},{"x":1,"y":5,"count":2}]
    """
    return _call("joint_histogram", x, y)


def plane_histograms(pairs: Argument, *c: Argument) -> Column:
    """Returns the histograms of all channels given and the joint histograms of pairs of them as the BINARY that
    org.cytolake.histogram.PlaneHistograms reads, all from one decoding of each plane.

    * pairs - channels to count together: a constant array of pairs of channels by number from 0,
      ARRAY<ARRAY<INT>>
    * c - intensities of a channel: an integer channel of up to 16 bits, TINYINT, SMALLINT or INT

    In SQL::

        SELECT hex(plane_histograms(array(array(0, 1)), x, y)) FROM VALUES (1, 5), (1, 2) AS t(x, y);
        -- 0102010202020401060101000102020204010301
    """
    return _call("plane_histograms", pairs, *c)


def histogram_count(h: Argument) -> Column:
    """Returns the number of pixels of a histogram.

    * h - intensities with their numbers of pixels: a histogram, MAP<value, count> or ARRAY<STRUCT<value,
      count>> with a numeric value and an integer count

    In SQL::

        SELECT histogram_count(map(0, 1, 10, 3));
        -- 4
    """
    return _call("histogram_count", h)


def histogram_mean(h: Argument) -> Column:
    """Returns the mean of a histogram's pixels; NULL without pixels.

    * h - intensities with their numbers of pixels: a histogram, MAP<value, count> or ARRAY<STRUCT<value,
      count>> with a numeric value and an integer count

    In SQL::

        SELECT histogram_mean(map(0, 1, 10, 3));
        -- 7.5
    """
    return _call("histogram_mean", h)


def histogram_stddev(h: Argument) -> Column:
    """Returns the population standard deviation of a histogram's pixels; NULL without pixels.

    * h - intensities with their numbers of pixels: a histogram, MAP<value, count> or ARRAY<STRUCT<value,
      count>> with a numeric value and an integer count

    In SQL::

        SELECT histogram_stddev(array(struct(1, 2), struct(5, 2)));
        -- 2.0
    """
    return _call("histogram_stddev", h)


def histogram_percentile(h: Argument, p: Argument) -> Column:
    """Returns a percentile of a histogram's pixels with linear interpolation, as numpy.percentile; NULL without
    pixels.

    * h - intensities with their numbers of pixels: a histogram, MAP<value, count> or ARRAY<STRUCT<value,
      count>> with a numeric value and an integer count
    * p - the percentile, 50 for the median: a number, from 0 to 100

    In SQL::

        SELECT histogram_percentile(map(0, 2, 10, 2), 50);
        -- 5.0
    """
    return _call("histogram_percentile", h, p)


def histogram_otsu(h: Argument) -> Column:
    """Returns Otsu's threshold of a histogram, as skimage.filters.threshold_otsu; NULL without pixels. Values of an
    integer type follow the rule for integers, FLOAT and DOUBLE that for their precision.

    * h - intensities with their numbers of pixels: a histogram, MAP<value, count> or ARRAY<STRUCT<value,
      count>> with a numeric value and an integer count

    In SQL::

        SELECT histogram_otsu(map(1, 50, 2, 30, 9, 10, 11, 10));
        -- 2.0
    """
    return _call("histogram_otsu", h)


def histogram_equalize(h: Argument) -> Column:
    """Returns a histogram's values, ascending, each with its equalised value (0 to 1) and its count, as
    skimage.exposure.equalize_hist; inline makes rows of them. Values of an integer type follow the rule for
    integers, FLOAT and DOUBLE that for their precision.

    * h - intensities with their numbers of pixels: a histogram, MAP<value, count> or ARRAY<STRUCT<value,
      count>> with a numeric value and an integer count

    In SQL::

        SELECT inline(histogram_equalize(map(7, 1, 9, 3)));
        -- 7.0	0.25	1
        -- 9.0	1.0	3
    """
    return _call("histogram_equalize", h)


def equalize(value: Argument, h: Argument) -> Column:
    """Returns what histogram equalisation makes of a value, 0 to 1, as skimage.exposure.equalize_hist: for integers
    the share of pixels that are not above it. Reads the histogram once a call: prefer histogram_equalize for
    single pixels. NULL without pixels. Values of an integer type follow the rule for integers, FLOAT and
    DOUBLE that for their precision.

    * value - an intensity: a number
    * h - intensities with their numbers of pixels: a histogram, MAP<value, count> or ARRAY<STRUCT<value,
      count>> with a numeric value and an integer count

    In SQL::

        SELECT equalize(8, map(7, 1, 9, 3));
        -- 0.25
    """
    return _call("equalize", value, h)


def stained_count(h: Argument, threshold: Argument) -> Column:
    """Returns the number of a histogram's pixels strictly above a threshold.

    * h - intensities with their numbers of pixels: a histogram, MAP<value, count> or ARRAY<STRUCT<value,
      count>> with a numeric value and an integer count
    * threshold - intensity; pixels strictly above it are stained: a number

    In SQL::

        SELECT stained_count(map(0, 1, 10, 3), 5);
        -- 3
    """
    return _call("stained_count", h, threshold)


def stained_fraction(h: Argument, threshold: Argument) -> Column:
    """Returns the share of a histogram's pixels strictly above a threshold, 0 to 1; NULL without pixels.

    * h - intensities with their numbers of pixels: a histogram, MAP<value, count> or ARRAY<STRUCT<value,
      count>> with a numeric value and an integer count
    * threshold - intensity; pixels strictly above it are stained: a number

    In SQL::

        SELECT stained_fraction(map(0, 1, 10, 3), 5);
        -- 0.75
    """
    return _call("stained_fraction", h, threshold)


def stained_mean(h: Argument, threshold: Argument) -> Column:
    """Returns the mean of a histogram's pixels strictly above a threshold; NULL if there are none.

    * h - intensities with their numbers of pixels: a histogram, MAP<value, count> or ARRAY<STRUCT<value,
      count>> with a numeric value and an integer count
    * threshold - intensity; pixels strictly above it are stained: a number

    In SQL::

        SELECT stained_mean(map(0, 5, 10, 3, 20, 1), 5);
        -- 12.5
    """
    return _call("stained_mean", h, threshold)


def normalize(
    value: Argument,
    mean: Argument,
    stddev: Argument,
    low: Argument,
    high: Argument,
    offset: Argument | None = None,
    bits: Argument | None = None,
) -> Column:
    """Returns an intensity clipped to mean +- offset * stddev of a reference channel and stretched so that the
    clipped low and high become 0 and 255, as OpenCV's normalize with NORM_MINMAX.

    * value - an intensity, from low to high: a number
    * mean - mean of the reference channel, avg(x): a number
    * stddev - population standard deviation of the reference channel, stddev_pop(x) or stddev_from_sums: a
      number, 0 or more
    * low - smallest intensity of all three channels of the composite, 0 where there are fewer: a number
    * high - largest intensity of all channels of the composite: a number
    * offset - number of standard deviations: a number, 0 or more; 1.0 where left out
    * bits - bits per sample; up to 8, intensities are integers from 0 to 255 and truncated after clipping: an
      integer, 1 or more; 8 where left out

    In SQL::

        SELECT normalize(60, 50, 20, 0, 200);
        -- 191
    """
    return _call("normalize", value, mean, stddev, low, high, offset, bits)


def stddev_from_sums(n: Argument, sx: Argument, sxx: Argument) -> Column:
    """Returns the population standard deviation from sums over pixels, or over counted values (sum(n * x * x)); sums
    of integers lose nothing. NULL without pixels.

    * n - number of pixels: a number, such as count(*) or sum(x * y)
    * sx - sum of x: a number, such as count(*) or sum(x * y)
    * sxx - sum of x * x: a number, such as count(*) or sum(x * y)

    In SQL::

        SELECT stddev_from_sums(count(*), sum(x), sum(x * x)) FROM VALUES 1, 1, 5, 5 AS t(x);
        -- 2.0
    """
    return _call("stddev_from_sums", n, sx, sxx)


def pearson_from_sums(n: Argument, sx: Argument, sy: Argument, sxx: Argument, syy: Argument, sxy: Argument) -> Column:
    """Returns Pearson's correlation coefficient from sums over pixels, or over counted tuples (sum(n * x * y)); sums
    of integers lose nothing. NULL where x or y is constant.

    * n - number of pixels: a number, such as count(*) or sum(x * y)
    * sx - sum of x: a number, such as count(*) or sum(x * y)
    * sy - sum of y: a number, such as count(*) or sum(x * y)
    * sxx - sum of x * x: a number, such as count(*) or sum(x * y)
    * syy - sum of y * y: a number, such as count(*) or sum(x * y)
    * sxy - sum of x * y: a number, such as count(*) or sum(x * y)

    In SQL::

        SELECT pearson_from_sums(count(*), sum(x), sum(y), sum(x * x), sum(y * y), sum(x * y)) FROM VALUES (1, 1), (2, 3), (3, 2) AS t(x, y);
        -- 0.5
    """
    return _call("pearson_from_sums", n, sx, sy, sxx, syy, sxy)


def slope_from_sums(n: Argument, sx: Argument, sy: Argument, sxx: Argument, sxy: Argument) -> Column:
    """Returns the slope of the least-squares line of y on x from sums over pixels or counted tuples. NULL where x is
    constant.

    * n - number of pixels: a number, such as count(*) or sum(x * y)
    * sx - sum of x: a number, such as count(*) or sum(x * y)
    * sy - sum of y: a number, such as count(*) or sum(x * y)
    * sxx - sum of x * x: a number, such as count(*) or sum(x * y)
    * sxy - sum of x * y: a number, such as count(*) or sum(x * y)

    In SQL::

        SELECT slope_from_sums(count(*), sum(x), sum(y), sum(x * x), sum(x * y)) FROM VALUES (1, 2), (2, 4), (3, 9) AS t(x, y);
        -- 3.5
    """
    return _call("slope_from_sums", n, sx, sy, sxx, sxy)


def overlap_from_sums(sxx: Argument, syy: Argument, sxy: Argument) -> Column:
    """Returns Manders' overlap coefficient, sxy / sqrt(sxx * syy), from sums over pixels or counted tuples. NULL
    where x or y is zero throughout.

    * sxx - sum of x * x: a number, such as count(*) or sum(x * y)
    * syy - sum of y * y: a number, such as count(*) or sum(x * y)
    * sxy - sum of x * y: a number, such as count(*) or sum(x * y)

    In SQL::

        SELECT overlap_from_sums(sum(x * x), sum(y * y), sum(x * y)) FROM VALUES (3, 4), (4, 3) AS t(x, y);
        -- 0.96
    """
    return _call("overlap_from_sums", sxx, syy, sxy)


def colocalization(tuples_or_xs: Argument, ys: Argument | None = None, counts: Argument | None = None) -> Column:
    """Returns how strongly two channels go together, a struct: pixels, pearson, spearman, slope, overlap, k1, k2,
    li_icq, manders_m1, manders_m2 (over 0), otsu_x, otsu_y, manders_otsu_m1, manders_otsu_m2, costes_x,
    costes_y, manders_costes_m1, manders_costes_m2 and, over the intensity above a channel's own threshold,
    manders_costes_stained_m1, manders_costes_stained_m2. Coefficients that are not defined are NULL. Values
    of an integer type follow the rule for integers, FLOAT and DOUBLE that for their precision.

    * tuples - pairs of intensities with their counts: a joint histogram, ARRAY<STRUCT<x, y, count>> with
      numeric x and y and an integer count
    * xs - intensities of the first channel: an array of numbers, ARRAY<number>
    * ys - as many of the second channel: an array of numbers, ARRAY<number>
    * counts - as many numbers of pixels: an array of integers, ARRAY<BIGINT>

    In SQL::

        SELECT c.pixels, c.manders_m1, c.manders_m2 FROM (SELECT colocalization(array(struct(0, 1, 5), struct(1, 2, 3), struct(3, 3, 2))) AS c);
        -- 10	1.0	0.7058823529411765
    """
    return _call("colocalization", tuples_or_xs, ys, counts)


def kernel_density(tuples: Argument, grid_size: Argument | None = None, cut: Argument | None = None) -> Column:
    """Returns the Gaussian kernel density of two channels at the points of a grid, rows of y one after the other, as
    seaborn.kdeplot; inline makes rows of them. NULL where the channels do not spread over two dimensions.

    * tuples - pairs of intensities with their counts: a joint histogram, ARRAY<STRUCT<x, y, count>> with
      numeric x and y and an integer count
    * grid_size - points along an axis: an integer, from 2 to 16384; 200 where left out
    * cut - bandwidths from the outermost pixels to the border of the grid: a number, 0 or more; 3.0 where
      left out

    In SQL::

        SELECT count(*), round(max(d.density), 6) FROM (SELECT explode(kernel_density(array(struct(0, 1, 5), struct(1, 2, 3), struct(3, 3, 2)), 3)) AS d);
        -- 9	0.232483
    """
    return _call("kernel_density", tuples, grid_size, cut)


def polygon_area(polygon: Argument) -> Column:
    """Returns the area within a polygon in square pixels.

    * polygon - outline, not closed, in pixels: a polygon, ARRAY<STRUCT<y, x>> with numeric fields of these
      names

    In SQL::

        SELECT polygon_area(array(named_struct('y', 0, 'x', 0), named_struct('y', 0, 'x', 4), named_struct('y', 3, 'x', 4), named_struct('y', 3, 'x', 0)));
        -- 12.0
    """
    return _call("polygon_area", polygon)


def polygon_contains(polygon: Argument, y: Argument, x: Argument) -> Column:
    """Returns whether a point lies in a polygon or on its border, as skimage.draw.polygon paints it.

    * polygon - outline, not closed, in pixels: a polygon, ARRAY<STRUCT<y, x>> with numeric fields of these
      names
    * y - the point's row in pixels: a number
    * x - the point's column in pixels: a number

    In SQL::

        SELECT polygon_contains(array(named_struct('y', 0, 'x', 0), named_struct('y', 0, 'x', 4), named_struct('y', 3, 'x', 4), named_struct('y', 3, 'x', 0)), 3, 2);
        -- true
    """
    return _call("polygon_contains", polygon, y, x)


def polygon_wkt(polygon: Argument) -> Column:
    """Returns a polygon as well-known text, closed, x before y.

    * polygon - outline, not closed, in pixels: a polygon, ARRAY<STRUCT<y, x>> with numeric fields of these
      names

    In SQL::

        SELECT polygon_wkt(array(named_struct('y', 0, 'x', 0), named_struct('y', 0, 'x', 4), named_struct('y', 3, 'x', 4), named_struct('y', 3, 'x', 0)));
        -- POLYGON ((0 0, 4 0, 4 3, 0 3, 0 0))
    """
    return _call("polygon_wkt", polygon)
