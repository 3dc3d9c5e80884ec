package org.cytolake.points;

import java.util.Arrays;

/** The centre that lies nearest to every tuple. */
public final class NearestCentres {
  private static final int BLOCK = 512; // tuples whose distances are computed together

  private NearestCentres() {}

  /**
   * Squared distances by blocks of tuples, channel by channel.
   *
   * @param centres at least one, {@code [centre][channel]}
   * @return per tuple its nearest centre, from 0; of equally near ones the first
   */
  public static int[] of(WeightedPoints points, double[][] centres) {
    int[] nearest = new int[points.size()];
    double[] least = new double[Math.min(BLOCK, points.size())];
    double[] distance = new double[least.length];
    for (int from = 0; from < nearest.length; from += BLOCK) {
      int n = Math.min(BLOCK, nearest.length - from);
      Arrays.fill(least, Double.POSITIVE_INFINITY);
      for (int j = 0; j < centres.length; j++) {
        Arrays.fill(distance, 0);
        for (int c = 0; c < points.channels(); c++) {
          double[] column = points.column(c);
          double centre = centres[j][c];
          for (int i = 0; i < n; i++) {
            double way = column[from + i] - centre;
            distance[i] += way * way;
          }
        }
        for (int i = 0; i < n; i++) {
          if (distance[i] < least[i]) {
            least[i] = distance[i];
            nearest[from + i] = j;
          }
        }
      }
    }
    return nearest;
  }
}
