package org.cytolake.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.cytolake.facts.Fact;
import org.cytolake.facts.Facts;
import org.cytolake.facts.ImageFacts;
import org.cytolake.facts.Numbers;
import org.cytolake.facts.ValueLabels;

/** Points, cells and grids of two channels, made few enough for a page. */
final class Scatter {
  private static final int MOST_POINTS = 3000;
  private static final int MOST_CELLS = 64;

  /** Largest value of a density's grid in the page; it stands for the maximum. */
  private static final int DENSITY_SCALE = 9999;

  /** Normalised intensities are integers from 0 to less than this. */
  private static final int LEVELS = 256;

  private final ImageFacts facts;

  Scatter(ImageFacts facts) {
    this.facts = facts;
  }

  /** Distinct tuples as x, y, count, ...; where there are too many, those in a square together. */
  long[] tuples(List<String> pair) {
    Facts all = facts.rows("normalized_joint_histograms");
    if (all == null) {
      return new long[0];
    }
    double[] x = all.numbers(pair.get(0));
    double[] y = all.numbers(pair.get(1));
    double[] count = all.numbers("count");
    long[] grid = new long[LEVELS * LEVELS];
    for (int i = 0; i < all.size(); i++) {
      grid[LEVELS * (int) x[i] + (int) y[i]] += (long) count[i];
    }
    int side = 1;
    while (LongStream.of(grid).filter(n -> n > 0).count() > MOST_POINTS) {
      grid = halved(grid, LEVELS / side);
      side *= 2;
    }
    return triples(grid, LEVELS / side, side, side / 2);
  }

  /** Squares of four cells as one. */
  private static long[] halved(long[] grid, int side) {
    long[] half = new long[grid.length / 4];
    for (int x = 0; x < side; x++) {
      for (int y = 0; y < side; y++) {
        half[x / 2 * (side / 2) + y / 2] += grid[x * side + y];
      }
    }
    return half;
  }

  /** Cells with pixels as x, y, count, ...; x and y are multiples of a step, moved. */
  private static long[] triples(long[] grid, int rows, int step, int moved) {
    LongStream.Builder points = LongStream.builder();
    for (int i = 0; i < grid.length; i++) {
      if (grid[i] > 0) {
        points.add((long) (i / rows) * step + moved).add((long) (i % rows) * step + moved);
        points.add(grid[i]);
      }
    }
    return points.build().toArray();
  }

  /**
   * Tuples with the cluster that most of their pixels belong to, as x, y, cluster, ...
   *
   * @param axes which of the clustering channels are x and y; of one, y is the number of pixels
   */
  List<Number> labels(String method, List<Integer> axes) {
    int[] clusters = facts.labels(method);
    if (clusters == null) {
      return List.of();
    }
    ValueLabels tuples = facts.labels();
    double[] x = tuples.values(axes.get(0));
    double[] y = axes.size() > 1 ? tuples.values(axes.get(1)) : tuples.pixels();
    int[] shown =
        IntStream.range(0, tuples.size()).filter(i -> clusters[i] != ValueLabels.UNKNOWN).toArray();
    if (shown.length > MOST_POINTS) {
      shown = heaviest(shown, x, y, tuples.pixels());
    }
    List<Number> points = new ArrayList<>(3 * shown.length);
    for (int i : shown) {
      points.add(Numbers.shortened(x[i]));
      points.add(Numbers.shortened(y[i]));
      points.add((long) clusters[i]);
    }
    return points;
  }

  /** Of every cell of a grid the tuple with the most pixels, cells so large that there are few. */
  private static int[] heaviest(int[] tuples, double[] x, double[] y, double[] pixels) {
    int side = 512;
    int[] heaviest;
    do {
      side /= 2;
      heaviest = new int[side * side];
      int[] columns = cells(tuples, x, side);
      int[] rows = cells(tuples, y, side);
      for (int i = 0; i < tuples.length; i++) {
        int cell = rows[i] * side + columns[i];
        if (heaviest[cell] == 0 || pixels[heaviest[cell] - 1] < pixels[tuples[i]]) {
          heaviest[cell] = tuples[i] + 1;
        }
      }
    } while (IntStream.of(heaviest).filter(t -> t > 0).count() > MOST_POINTS);
    return IntStream.of(heaviest).filter(t -> t > 0).map(t -> t - 1).toArray();
  }

  /** In which of so many equal parts of their range the tuples' values lie. */
  private static int[] cells(int[] tuples, double[] values, int side) {
    double low = IntStream.of(tuples).mapToDouble(i -> values[i]).min().orElse(0);
    double high = IntStream.of(tuples).mapToDouble(i -> values[i]).max().orElse(0);
    double scale = side / (high - low + 1);
    return IntStream.of(tuples).map(i -> (int) ((values[i] - low) * scale)).toArray();
  }

  /** Cells with pixels as column, row, count, ..., and the edges of columns and rows. */
  Map<String, Object> histogram2d() {
    Facts all = facts.rows("histograms_2d");
    if (all == null) {
      return null;
    }
    double[] column = all.numbers("x_bin");
    double[] row = all.numbers("y_bin");
    double[] count = all.numbers("count");
    int bins = 0;
    for (int i = 0; i < all.size(); i++) {
      bins = Math.max(bins, 1 + (int) Math.max(column[i], row[i]));
    }
    int together = (bins + MOST_CELLS - 1) / MOST_CELLS;
    int side = (bins + together - 1) / together;
    long[] cells = new long[side * side];
    for (int i = 0; i < all.size(); i++) {
      cells[(int) column[i] / together * side + (int) row[i] / together] += (long) count[i];
    }
    Fact first = new Fact(all, 0);
    double widthX = first.number("x_upper") - first.number("x_lower");
    double widthY = first.number("y_upper") - first.number("y_lower");
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("x0", Numbers.shortened(first.number("x_lower") - column[0] * widthX));
    tree.put("y0", Numbers.shortened(first.number("y_lower") - row[0] * widthY));
    tree.put("width", Numbers.shortened(widthX * together));
    tree.put("height", Numbers.shortened(widthY * together));
    tree.put("bins", side);
    tree.put("cells", triples(cells, side, 1, 0));
    return tree;
  }

  /**
   * The grid's densities, row by row, as the square root of their share of the maximum, which keeps
   * digits where densities are low; levels likewise.
   */
  Map<String, Object> density() {
    Facts all = facts.rows("density");
    if (all == null) {
      return null;
    }
    double[] density = all.numbers("density");
    Axis x = Axis.of(all.numbers("column"), all.numbers("x"), all.size());
    Axis y = Axis.of(all.numbers("row"), all.numbers("y"), all.size());
    double most = DoubleStream.of(density).limit(all.size()).max().orElse(0);
    long[] values = new long[x.points * y.points];
    for (int i = 0; i < all.size(); i++) {
      int at = y.place(all.numbers("row")[i]) * x.points + x.place(all.numbers("column")[i]);
      values[at] = Math.round(DENSITY_SCALE * Math.sqrt(density[i] / most));
    }
    List<List<Number>> levels = new ArrayList<>();
    List<Fact> sorted = new ArrayList<>(facts.all("density_levels"));
    sorted.sort(java.util.Comparator.comparingDouble(l -> l.number("level")));
    for (Fact level : sorted) {
      levels.add(
          List.of(
              Numbers.shortened(level.number("proportion")),
              Numbers.shortened(
                  DENSITY_SCALE * Math.sqrt(Math.min(1, level.number("density") / most)))));
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("columns", x.points);
    tree.put("rows", y.points);
    tree.put("x", List.of(x.first, x.last));
    tree.put("y", List.of(y.first, y.last));
    tree.put("values", values);
    tree.put("levels", levels);
    return tree;
  }

  /**
   * One axis of a grid.
   *
   * @param number of the first point
   * @param step from a point's number to the next one's
   * @param first where the first point lies; likewise {@code last}
   */
  private record Axis(double number, double step, int points, double first, double last) {
    static Axis of(double[] numbers, double[] places, int size) {
      int low = 0;
      int high = 0;
      double step = Double.POSITIVE_INFINITY;
      for (int i = 0; i < size; i++) {
        low = numbers[i] < numbers[low] ? i : low;
        high = numbers[i] > numbers[high] ? i : high;
      }
      for (int i = 0; i < size; i++) {
        double beyond = numbers[i] - numbers[low];
        step = beyond > 0 ? Math.min(step, beyond) : step;
      }
      int points = 1 + (int) Math.round((numbers[high] - numbers[low]) / step);
      return new Axis(numbers[low], step, points, places[low], places[high]);
    }

    int place(double of) {
      return (int) Math.round((of - number) / step);
    }
  }
}
