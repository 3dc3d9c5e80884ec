package org.cytolake.stardist;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.cytolake.image.LabelImage;
import org.cytolake.image.LimitException;

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
      Prediction prediction,
      StarThresholds thresholds,
      int imageHeight,
      int imageWidth,
      int maxCandidates) {
    List<Star> candidates =
        candidates(
            prediction,
            new Cells(
                0,
                0,
                prediction.height(),
                prediction.width(),
                new Window(0, 0, prediction.height(), prediction.width())),
            (float) thresholds.prob(),
            imageHeight,
            imageWidth,
            maxCandidates);
    return new Suppression(sorted(candidates), (float) thresholds.nms()).keep();
  }

  /**
   * The candidates in the core of a tile, with their places in the plane.
   *
   * @param prediction for what the network sees of the tile
   * @param maxCandidates most that may be found
   * @throws IllegalArgumentException where there are more
   */
  public static Candidates candidates(
      Prediction prediction, PlaneTile tile, StarThresholds thresholds, int maxCandidates) {
    int grid = prediction.grid();
    if (prediction.height() * grid != tile.rows().length()
        || prediction.width() * grid != tile.columns().length()) {
      throw new IllegalArgumentException("the prediction is not of the tile " + tile);
    }
    Span rows = tile.rows();
    Span columns = tile.columns();
    List<Star> candidates =
        candidates(
            prediction,
            new Cells(
                rows.start() / grid,
                columns.start() / grid,
                Span.padded(tile.imageHeight(), tile.multiple()) / grid,
                Span.padded(tile.imageWidth(), tile.multiple()) / grid,
                new Window(
                    rows.coreStart() / grid,
                    columns.coreStart() / grid,
                    (rows.coreEnd() - rows.coreStart()) / grid,
                    (columns.coreEnd() - columns.coreStart()) / grid)),
            (float) thresholds.prob(),
            tile.imageHeight(),
            tile.imageWidth(),
            maxCandidates);
    float largest = 0;
    for (Star star : candidates) {
      largest = Math.max(largest, Suppression.radius(star));
    }
    return Candidates.of(candidates, largest);
  }

  /**
   * Leaves out candidates of a tile of which it is sure that suppression in the whole plane would
   * remove them. {@link #select} gives the same for what remains.
   *
   * @param largest the largest distance of a candidate in all tiles of the plane
   */
  public static Candidates thin(
      Candidates candidates, PlaneTile tile, StarThresholds thresholds, float largest) {
    List<Star> sorted = sorted(candidates.stars());
    List<Star> left =
        new Suppression(sorted, (float) thresholds.nms())
            .keep(
                largest,
                i -> {
                  Star star = sorted.get(i);
                  // vertices are truncated to whole pixels
                  double reach = (double) largest + Suppression.radius(star) + 2;
                  return tile.reaches(star.y(), star.x(), reach);
                });
    return Candidates.of(left, candidates.largest());
  }

  /**
   * Selects objects of a plane among the candidates of all its tiles, the most probable first.
   *
   * @param tiles in any order
   */
  public static List<Star> select(List<Candidates> tiles, StarThresholds thresholds) {
    List<Star> candidates = new ArrayList<>();
    float largest = 0;
    for (Candidates tile : tiles) {
      candidates.addAll(tile.stars());
      largest = Math.max(largest, tile.largest());
    }
    return new Suppression(sorted(candidates), (float) thresholds.nms()).keep(largest, i -> true);
  }

  /**
   * The most probable first. Equal probabilities: the later cell first, as a stable ascending sort
   * turned round; stardist leaves them to NumPy's default sort, whose order depends on the
   * processor.
   */
  private static List<Star> sorted(List<Star> candidates) {
    List<Star> sorted = new ArrayList<>(candidates);
    sorted.sort(
        Comparator.comparingDouble((Star star) -> -star.prob())
            .thenComparing(Comparator.comparingInt(Star::y).reversed())
            .thenComparing(Comparator.comparingInt(Star::x).reversed()));
    return sorted;
  }

  /**
   * Where a prediction's cells lie among those of the padded plane.
   *
   * @param top row of the prediction's first cell; likewise {@code left}
   * @param height rows of cells of the padded plane; likewise {@code width}
   * @param core cells of the plane among which candidates are looked for
   */
  private record Cells(int top, int left, int height, int width, Window core) {}

  private static List<Star> candidates(
      Prediction p, Cells cells, float threshold, int imageHeight, int imageWidth, int max) {
    List<Star> candidates = new ArrayList<>();
    int top = Math.max(MARGIN, cells.core().top());
    int left = Math.max(MARGIN, cells.core().left());
    int bottom = Math.min(cells.core().bottom(), cells.height() - MARGIN);
    int right = Math.min(cells.core().right(), cells.width() - MARGIN);
    float[] probs = new float[Math.max(0, right - left)];
    for (int row = top; row < bottom && row * p.grid() < imageHeight; row++) {
      int first = (row - cells.top()) * p.width() + left - cells.left();
      p.probs(first, probs);
      for (int i = 0; i < probs.length; i++) {
        int x = (left + i) * p.grid();
        if (!(probs[i] > threshold) || x >= imageWidth) {
          continue;
        }
        if (candidates.size() == max) {
          throw tooMany(max, threshold);
        }
        float[] dist = new float[p.rays()];
        for (int k = 0; k < dist.length; k++) {
          dist[k] = Math.max(p.dist(first + i, k), LEAST_DISTANCE);
        }
        candidates.add(new Star(probs[i], row * p.grid(), x, dist));
      }
    }
    return candidates;
  }

  /** What is thrown where there are more candidates than allowed. */
  public static LimitException tooMany(int max, double threshold) {
    return new LimitException(
        "there are more than "
            + max
            + " candidates for objects above the probability "
            + (float) threshold
            + " (segmentation.max-candidates)",
        "Look whether the channel shows objects; if it does, raise segmentation.max-candidates.");
  }

  /**
   * Paints objects, the less probable first, so that the more probable wins where they overlap.
   *
   * @param stars of {@link #detect}; the label of the i-th is i + 1
   */
  public static LabelImage paint(List<? extends OutlinedObject> stars, int height, int width) {
    return paint(stars, Window.whole(height, width));
  }

  /**
   * Paints what lies in a window of a plane, as the whole plane would show it.
   *
   * @param stars in the order of {@link #detect}, all that have pixels in the window; the label of
   *     the i-th is i + 1
   */
  public static LabelImage paint(List<? extends OutlinedObject> stars, Window window) {
    List<Outline> outlines = new ArrayList<>(stars.size());
    for (int i = 0; i < stars.size(); i++) {
      outlines.add(Outline.of(stars.get(i), i + 1));
    }
    return paintOutlines(outlines, window);
  }

  /**
   * Paints outlines with their labels, in a window of a plane, as the whole plane would show it.
   *
   * @param outlines by label, all that have pixels in the window
   */
  public static LabelImage paintOutlines(List<Outline> outlines, Window window) {
    LabelImage image = new LabelImage(window.height(), window.width());
    List<Outline> order = new ArrayList<>(outlines);
    order.sort(Comparator.comparingDouble(Outline::prob)); // stable
    for (Outline outline : order) {
      PolygonFill.fill(outline.rows(), outline.columns(), outline.label(), image, window);
    }
    return image;
  }

  /** Where an object's pixels lie in a plane of that size; empty where there are none. */
  public static Optional<Window> bounds(OutlinedObject star, int height, int width) {
    return Optional.ofNullable(
        PolygonFill.bounds(star.vertexRows(), star.vertexColumns(), height, width));
  }
}
