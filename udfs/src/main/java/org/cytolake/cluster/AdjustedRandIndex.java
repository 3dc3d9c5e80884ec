package org.cytolake.cluster;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.HashMap;
import java.util.Map;
import org.cytolake.points.ClusterSummary;
import org.cytolake.points.WeightedPoints;

/**
 * How far two partitions of the same pixels agree, corrected for chance: 1 for the same partition,
 * about 0 for independent ones (Hubert and Arabie 1985, "Comparing partitions"). Equals {@code
 * sklearn.metrics.adjusted_rand_score} of the pixels one by one.
 */
public final class AdjustedRandIndex {
  private AdjustedRandIndex() {}

  /**
   * Of two labels per tuple; a label is only a name, 0 as good as any.
   *
   * @return -0.5 to 1; 1 if there are no pixels
   * @throws IllegalArgumentException if a number of labels is not that of tuples
   */
  public static double of(WeightedPoints points, int[] first, int[] second) {
    ClusterSummary.requireLabels(points, first, Integer.MAX_VALUE);
    ClusterSummary.requireLabels(points, second, Integer.MAX_VALUE);
    Map<Long, Long> both = new HashMap<>();
    Map<Long, Long> rows = new HashMap<>();
    Map<Long, Long> columns = new HashMap<>();
    for (int i = 0; i < first.length; i++) {
      long w = points.weight(i);
      both.merge((long) first[i] << 32 | second[i], w, Long::sum);
      rows.merge((long) first[i], w, Long::sum);
      columns.merge((long) second[i], w, Long::sum);
    }
    // ordered pairs of pixels: together in both, in the first only, in the second only, in neither
    BigInteger n = BigInteger.valueOf(points.weight());
    BigInteger squares = squares(both);
    BigInteger together = squares.subtract(n);
    BigInteger firstOnly = squares(rows).subtract(squares);
    BigInteger secondOnly = squares(columns).subtract(squares);
    BigInteger neither =
        n.multiply(n).subtract(n).subtract(together).subtract(firstOnly).subtract(secondOnly);
    if (firstOnly.signum() == 0 && secondOnly.signum() == 0) {
      return 1;
    }
    BigInteger agreement =
        together.multiply(neither).subtract(firstOnly.multiply(secondOnly)).shiftLeft(1);
    BigInteger range =
        together
            .add(firstOnly)
            .multiply(firstOnly.add(neither))
            .add(together.add(secondOnly).multiply(secondOnly.add(neither)));
    return new BigDecimal(agreement)
        .divide(new BigDecimal(range), MathContext.DECIMAL128)
        .doubleValue();
  }

  private static BigInteger squares(Map<Long, Long> counts) {
    BigInteger sum = BigInteger.ZERO;
    for (long count : counts.values()) {
      BigInteger c = BigInteger.valueOf(count);
      sum = sum.add(c.multiply(c));
    }
    return sum;
  }
}
