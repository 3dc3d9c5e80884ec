package org.cytolake.stardist;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Non-maximum suppression: of two objects that overlap too much the less probable goes. Candidates
 * lie in square bins by their centres, so that only near ones are compared: as in {@code stardist},
 * those whose centres are closer than the sum of the object's and the largest candidate's radius.
 * Farther ones are passed over even where truncation to integers makes them overlap.
 */
final class Suppression {
  private static final long MOST_BINS = 1 << 24;

  private final List<Star> stars;
  private final Overlap overlap;
  private final StarPolygon[] polygons;

  /**
   * @param stars the most probable first
   */
  Suppression(List<Star> stars, float threshold) {
    this.stars = stars;
    this.overlap = new Overlap(threshold);
    this.polygons = new StarPolygon[stars.size()];
  }

  /** The largest distance of a star; whatever is no number does not count. */
  static float radius(Star star) {
    float radius = 0;
    for (float d : star.dist()) {
      radius = d > radius ? d : radius;
    }
    return radius;
  }

  /** Those that stay. */
  List<Star> keep() {
    return keep(0, i -> true);
  }

  /**
   * Of some of a plane's candidates, those that are not sure to go, whatever the others are. A
   * candidate that is out of the others' reach, and that no candidate might suppress whose own fate
   * is open, is sure to stay; what it suppresses is sure to go. Since what goes has no effect on
   * the rest, suppression among all that this leaves of every tile gives the same as among all
   * candidates.
   *
   * @param atLeast the largest radius of all candidates of the plane
   * @param sheltered whether the candidate of that index is out of the others' reach
   */
  List<Star> keep(float atLeast, IntPredicate sheltered) {
    int n = stars.size();
    float largest = atLeast;
    int height = 1;
    int width = 1;
    float[] radius = new float[n];
    for (int i = 0; i < n; i++) {
      Star star = stars.get(i);
      radius[i] = radius(star);
      largest = Math.max(largest, radius[i]);
      height = Math.max(height, star.y() + 1);
      width = Math.max(width, star.x() + 1);
    }
    Bins bins = new Bins(stars, Math.max(8, (int) Math.min(largest, 1 << 12)), height, width);
    for (int i : bins.members) {
      polygons[i] = StarPolygon.of(stars.get(i)); // near ones beside each other in memory
    }
    boolean[] gone = new boolean[n];
    boolean[] open = new boolean[n];
    List<Star> kept = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      if (gone[i]) {
        continue;
      }
      kept.add(stars.get(i));
      open[i] |= !sheltered.test(i);
      bins.suppressAround(i, largest + radius[i], gone, open[i] ? open : gone);
    }
    return kept;
  }

  private static float squaredDistance(Star a, Star b) {
    float dy = (float) a.y() - b.y();
    float dx = (float) a.x() - b.x();
    return dy * dy + dx * dx;
  }

  /** Indices of the candidates by bin. */
  private final class Bins {
    private final int side;
    private final int rows;
    private final int columns;
    private final int[] starts;
    private final int[] members;

    Bins(List<Star> stars, int atLeast, int height, int width) {
      int length = atLeast;
      while ((long) (height / length + 1) * (width / length + 1) > MOST_BINS) {
        length *= 2;
      }
      this.side = length;
      this.rows = (height - 1) / side + 1;
      this.columns = (width - 1) / side + 1;
      this.starts = new int[rows * columns + 1];
      for (Star star : stars) {
        starts[bin(star) + 1]++;
      }
      for (int b = 0; b < rows * columns; b++) {
        starts[b + 1] += starts[b];
      }
      int[] next = starts.clone();
      this.members = new int[stars.size()];
      for (int i = 0; i < members.length; i++) {
        members[next[bin(stars.get(i))]++] = i;
      }
    }

    private int bin(Star star) {
      return star.y() / side * columns + star.x() / side;
    }

    /** Marks what the i-th suppresses. */
    void suppressAround(int i, float distance, boolean[] gone, boolean[] marks) {
      Star star = stars.get(i);
      overlap.with(polygons[i]);
      double reach = distance + 1.0; // to be safe from rounding
      int top = (int) Math.max(0, Math.floor((star.y() - reach) / side));
      int bottom = (int) Math.min(rows - 1, Math.floor((star.y() + reach) / side));
      int left = (int) Math.max(0, Math.floor((star.x() - reach) / side));
      int right = (int) Math.min(columns - 1, Math.floor((star.x() + reach) / side));
      float limit = distance * distance;
      for (int row = top; row <= bottom; row++) {
        for (int m = starts[row * columns + left]; m < starts[row * columns + right + 1]; m++) {
          int j = members[m];
          if (j > i
              && !gone[j]
              && !marks[j]
              && squaredDistance(star, stars.get(j)) < limit
              && overlap.isMore(polygons[j])) {
            marks[j] = true;
          }
        }
      }
    }
  }
}
