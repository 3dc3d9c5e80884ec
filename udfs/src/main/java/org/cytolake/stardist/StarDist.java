package org.cytolake.stardist;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.cytolake.image.LabelImage;

/**
 * From a network's prediction to objects and labels (Schmidt, Weigert, Broaddus, Myers 2018, "Cell
 * Detection with Star-Convex Polygons"), step by step as the Python package {@code stardist} does
 * it: {@code non_maximum_suppression_sparse}, then {@code polygons_to_label}.
 */
public final class StarDist {
  /** Cells at each side of the (padded) grid that hold no centre. */
  private static final int MARGIN = 2;

  private static final float LEAST_DISTANCE = 1e-3f;

  private StarDist() {}

  /**
   * Selects objects, the most probable first.
   *
   * @param imageHeight rows of the image without padding; likewise {@code imageWidth}
   * @param maxCandidates most cells above the threshold that are looked at
   * @throws IllegalArgumentException where there are more candidates
   */
  public static List<Star> detect(
      StarPrediction prediction,
      StarThresholds thresholds,
      int imageHeight,
      int imageWidth,
      int maxCandidates) {
    List<Star> candidates =
        candidates(prediction, (float) thresholds.prob(), imageHeight, imageWidth, maxCandidates);
    // equal probabilities: the later cell first, as a stable ascending sort turned round; stardist
    // leaves them to NumPy's default sort, whose order depends on the processor
    Integer[] order = new Integer[candidates.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        Comparator.comparingDouble((Integer i) -> -candidates.get(i).prob())
            .thenComparing(Comparator.reverseOrder()));
    List<Star> sorted = new ArrayList<>(order.length);
    for (int i : order) {
      sorted.add(candidates.get(i));
    }
    return new Suppression(sorted, (float) thresholds.nms()).keep();
  }

  private static List<Star> candidates(
      StarPrediction p, float threshold, int imageHeight, int imageWidth, int max) {
    List<Star> candidates = new ArrayList<>();
    for (int row = MARGIN; row < p.height() - MARGIN; row++) {
      for (int column = MARGIN; column < p.width() - MARGIN; column++) {
        int cell = row * p.width() + column;
        int y = row * p.grid();
        int x = column * p.grid();
        if (!(p.prob()[cell] > threshold) || y >= imageHeight || x >= imageWidth) {
          continue;
        }
        if (candidates.size() == max) {
          throw new IllegalArgumentException(
              "there are more than "
                  + max
                  + " candidates for objects above the probability "
                  + threshold
                  + " (segmentation.max-candidates)");
        }
        float[] dist = Arrays.copyOfRange(p.dist(), cell * p.rays(), (cell + 1) * p.rays());
        for (int k = 0; k < dist.length; k++) {
          dist[k] = Math.max(dist[k], LEAST_DISTANCE);
        }
        candidates.add(new Star(p.prob()[cell], y, x, dist));
      }
    }
    return candidates;
  }

  /**
   * Paints objects, the less probable first, so that the more probable wins where they overlap.
   *
   * @param stars of {@link #detect}; the label of the i-th is i + 1
   */
  public static LabelImage paint(List<Star> stars, int height, int width) {
    LabelImage image = new LabelImage(height, width);
    Integer[] order = new Integer[stars.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> stars.get(i).prob())); // stable
    for (int i : order) {
      Star star = stars.get(i);
      PolygonFill.fill(star.vertexRows(), star.vertexColumns(), i + 1, image);
    }
    return image;
  }
}
