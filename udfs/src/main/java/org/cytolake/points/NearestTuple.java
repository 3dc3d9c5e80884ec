package org.cytolake.points;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The tuple that lies nearest to any point, found along the first channel. */
public final class NearestTuple implements Serializable {
  private static final long serialVersionUID = 1;

  private final WeightedPoints points;
  private final int[] order;
  private final double[] first;

  /**
   * @param points at least one
   * @throws IllegalArgumentException if there is none
   */
  public NearestTuple(WeightedPoints points) {
    if (points.size() == 0) {
      throw new IllegalArgumentException("no tuple is nearest among none");
    }
    this.points = points;
    this.order =
        IntStream.range(0, points.size())
            .boxed()
            .sorted((a, b) -> Double.compare(points.value(0, a), points.value(0, b)))
            .mapToInt(Integer::intValue)
            .toArray();
    this.first = Arrays.stream(order).mapToDouble(i -> points.value(0, i)).toArray();
  }

  /**
   * The nearest tuple, of equally near ones the first.
   *
   * @param point a value per channel
   * @param within the farthest that it may lie
   * @return its number, or -1 if none lies within
   */
  public int of(double[] point, double within) {
    int at = Arrays.binarySearch(first, point[0]);
    int up = at < 0 ? -at - 1 : at;
    int down = up - 1;
    int best = -1;
    double least = within * within;
    while (up < order.length || down >= 0) {
      boolean upwards =
          down < 0 || (up < order.length && first[up] - point[0] < point[0] - first[down]);
      double along = upwards ? first[up] - point[0] : point[0] - first[down];
      if (along * along > least) {
        break;
      }
      int tuple = upwards ? order[up++] : order[down--];
      double distance = points.squaredDistance(tuple, point);
      if (distance < least || (distance == least && (best < 0 || tuple < best))) {
        least = distance;
        best = tuple;
      }
    }
    return best;
  }
}
