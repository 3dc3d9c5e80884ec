package org.cytolake.clusters;

import java.util.Optional;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.points.WeightedPoints;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.statistics.PlaneTransforms;
import org.cytolake.statistics.StatisticsSettings;
import org.cytolake.tables.PlaneRows;
import org.cytolake.tables.RowByName;
import org.cytolake.tables.Table;

/**
 * The distinct tuples of values that a plane's pixels are clustered by.
 *
 * @param pixels what pixels are looked up in: the plane, or what a profile made of it
 * @param value how a pixel becomes one
 * @param points values and pixels, ascending
 * @param droppedBits low bits that were dropped from the intensities
 * @param even pixels at even places among those
 */
public record ClusterValues(
    PlanePixels pixels, PixelValue value, WeightedPoints points, int droppedBits, EvenTuples even) {
  private static final int MOST_BITS = 16;

  /**
   * Of a plane. Tuples of one or two channels are counted already; those of more, and of profiles,
   * are here, with as few low bits dropped as {@code histograms.max-tuples} needs.
   *
   * @return empty where nothing can be clustered, as a channel has no finite pixel
   */
  public static Optional<ClusterValues> of(
      ClusteredBy by,
      StatisticsSettings settings,
      PlaneCounts counts,
      Optional<PlaneTransforms> transforms,
      PlanePixels pixels)
      throws ImageReadException {
    if (!by.profile().isNone()) {
      ProfiledPixels profiled = ProfiledPixels.of(pixels, by);
      Optional<PixelValue> ofProfile = profiled.value();
      return ofProfile.isPresent()
          ? Optional.of(counted(ofProfile.get(), profiled, settings.maxTuples()))
          : Optional.empty();
    }
    Optional<PixelValue> value = PixelValue.of(by, settings, counts, transforms);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        by.places().size() > 2
            ? counted(value.get(), pixels, settings.maxTuples())
            : of(
                pixels,
                value.get(),
                WeightedPoints.of(value.get().values(tuples(by, settings, counts))),
                PixelValue.droppedBits(by, settings, counts)));
  }

  private static ClusterValues of(
      PlanePixels pixels, PixelValue value, WeightedPoints points, int droppedBits)
      throws ImageReadException {
    return new ClusterValues(
        pixels, value, points, droppedBits, EvenTuples.of(value, pixels, points));
  }

  private static ClusterValues counted(PixelValue finest, PlanePixels pixels, long most)
      throws ImageReadException {
    for (int bits = 0; ; bits++) {
      PixelValue value = finest.coarsened(bits);
      TupleCounting counting = new TupleCounting(value, bits < MOST_BITS ? most : Long.MAX_VALUE);
      if (counting.count(pixels)) {
        return of(pixels, value, counting.points(), bits);
      }
    }
  }

  private static JointHistogram tuples(
      ClusteredBy by, StatisticsSettings settings, PlaneCounts counts) {
    PlaneCounts.OfRegion region = counts.regions().get(by.regionName());
    int first = by.places().get(0);
    if (by.places().size() == 1) {
      Histogram h = region.channels().get(first);
      double[][] values = new double[1][h.size()];
      long[] pixels = new long[h.size()];
      for (int i = 0; i < pixels.length; i++) {
        values[0][i] = h.value(i);
        pixels[i] = h.count(i);
      }
      return JointHistogram.of(values, pixels);
    }
    int second = by.places().get(1);
    int pair = settings.pairOf(first, second);
    JointHistogram tuples =
        PixelValue.droppedBits(by, settings, counts) == 0
            ? region.pairs().get(pair)
            : region.few().get(pair);
    return first < second ? tuples : tuples.project(1, 0);
  }

  /** Adds the rows of {@code cluster_values}. */
  public void add(PlaneRows rows) {
    rows.add(
        Table.CLUSTER_VALUES,
        to -> {
          RowByName row = rows.of(Table.CLUSTER_VALUES);
          for (int i = 0; i < points.size(); i++) {
            row.put("values", tuple(points, i))
                .put("pixels", points.weight(i))
                .put("dropped_bits", droppedBits)
                .put("even_pixels", even.pixels(i))
                .put("upper_even_pixels", even.upper()[i]);
            to.accept(row.row());
          }
        });
  }

  /** The values of a tuple. */
  static double[] tuple(WeightedPoints points, int i) {
    double[] values = new double[points.channels()];
    for (int c = 0; c < values.length; c++) {
      values[c] = points.value(c, i);
    }
    return values;
  }
}
