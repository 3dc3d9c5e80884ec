package org.cytolake.clusters;

import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.points.WeightedPoints;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.statistics.StatisticsSettings;
import org.cytolake.tables.PlaneRows;
import org.cytolake.tables.RowByName;
import org.cytolake.tables.Table;

/**
 * The distinct tuples of values that a plane's pixels are clustered by.
 *
 * @param points values and pixels, ascending
 * @param droppedBits low bits that were dropped from the intensities
 */
public record ClusterValues(WeightedPoints points, int droppedBits) {

  /**
   * Of a plane.
   *
   * @param value how its pixels are clustered
   */
  public static ClusterValues of(
      PixelValue value, StatisticsSettings settings, PlaneCounts counts) {
    return new ClusterValues(
        WeightedPoints.of(value.values(tuples(value.by(), settings, counts))),
        PixelValue.droppedBits(value.by(), settings, counts));
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
                .put("dropped_bits", droppedBits);
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
