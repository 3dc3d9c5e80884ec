package org.cytolake.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Points, cells and grids of two channels, made few enough for a page. */
final class Scatter {
  private static final int MOST_POINTS = 3000;
  private static final int MOST_CELLS = 64;

  /** Largest value of a density's grid in the page; it stands for the maximum. */
  private static final int DENSITY_SCALE = 9999;

  private record Cell(long x, long y) {}

  private final ImageFacts facts;

  Scatter(ImageFacts facts) {
    this.facts = facts;
  }

  /** Distinct tuples as x, y, count, ...; where there are too many, those in a square together. */
  List<Number> tuples(List<String> pair) {
    List<Fact> all = facts.all("normalized_joint_histograms");
    Map<Cell, Long> cells = new LinkedHashMap<>();
    long side = 1;
    do {
      cells.clear();
      for (Fact fact : all) {
        long x = (long) fact.number(pair.get(0));
        long y = (long) fact.number(pair.get(1));
        Cell cell = new Cell(x / side * side + side / 2, y / side * side + side / 2);
        cells.merge(cell, (long) fact.number("count"), Long::sum);
      }
      side *= 2;
    } while (cells.size() > MOST_POINTS);
    List<Number> points = new ArrayList<>();
    cells.forEach(
        (cell, count) -> {
          points.add(cell.x);
          points.add(cell.y);
          points.add(count);
        });
    return points;
  }

  /**
   * Tuples with the cluster that most of their pixels belong to, as x, y, cluster, ...; one value
   * where pixels are clustered by one channel, then y is the number of pixels.
   */
  List<Number> labels(String method) {
    List<Fact> all = facts.where("cluster_labels", f -> f.is("method", method));
    if (all.size() <= MOST_POINTS) {
      List<Number> points = new ArrayList<>();
      for (Fact fact : all) {
        add(points, fact);
      }
      return points;
    }
    double[] low = {Double.MAX_VALUE, Double.MAX_VALUE};
    double[] high = {-Double.MAX_VALUE, -Double.MAX_VALUE};
    for (Fact fact : all) {
      for (int i = 0; i < 2; i++) {
        double value = value(fact, i);
        low[i] = Math.min(low[i], value);
        high[i] = Math.max(high[i], value);
      }
    }
    int side = 512;
    Map<Cell, Fact> heaviest = new HashMap<>();
    do {
      side /= 2;
      heaviest.clear();
      for (Fact fact : all) {
        Cell cell =
            new Cell(
                (long) (side * (value(fact, 0) - low[0]) / (high[0] - low[0] + 1)),
                (long) (side * (value(fact, 1) - low[1]) / (high[1] - low[1] + 1)));
        heaviest.merge(cell, fact, (a, b) -> a.number("pixels") >= b.number("pixels") ? a : b);
      }
    } while (heaviest.size() > MOST_POINTS);
    List<Number> points = new ArrayList<>();
    heaviest.values().forEach(fact -> add(points, fact));
    return points;
  }

  private static double value(Fact fact, int i) {
    return i < fact.tailSize() ? fact.tail(i) : fact.number("pixels");
  }

  private static void add(List<Number> points, Fact fact) {
    points.add(Numbers.shortened(value(fact, 0)));
    points.add(Numbers.shortened(value(fact, 1)));
    points.add((long) fact.number("cluster"));
  }

  /** Cells with pixels as column, row, count, ..., and the edges of columns and rows. */
  Map<String, Object> histogram2d() {
    List<Fact> all = facts.all("histograms_2d");
    if (all.isEmpty()) {
      return null;
    }
    int bins = 0;
    double[] range = {Double.MAX_VALUE, -Double.MAX_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE};
    for (Fact fact : all) {
      bins = Math.max(bins, 1 + (int) Math.max(fact.number("x_bin"), fact.number("y_bin")));
      range[0] = Math.min(range[0], fact.number("x_lower"));
      range[1] = Math.max(range[1], fact.number("x_upper"));
      range[2] = Math.min(range[2], fact.number("y_lower"));
      range[3] = Math.max(range[3], fact.number("y_upper"));
    }
    int together = (bins + MOST_CELLS - 1) / MOST_CELLS;
    double widthX = (all.get(0).number("x_upper") - all.get(0).number("x_lower")) * together;
    double widthY = (all.get(0).number("y_upper") - all.get(0).number("y_lower")) * together;
    Map<Cell, Long> cells = new LinkedHashMap<>();
    for (Fact fact : all) {
      Cell cell =
          new Cell((long) fact.number("x_bin") / together, (long) fact.number("y_bin") / together);
      cells.merge(cell, (long) fact.number("count"), Long::sum);
    }
    Fact first = all.get(0);
    double x0 = first.number("x_lower") - first.number("x_bin") * widthX / together;
    double y0 = first.number("y_lower") - first.number("y_bin") * widthY / together;
    List<Number> flat = new ArrayList<>();
    cells.forEach(
        (cell, count) -> {
          flat.add(cell.x);
          flat.add(cell.y);
          flat.add(count);
        });
    return Map.of(
        "x0", Numbers.shortened(x0),
        "y0", Numbers.shortened(y0),
        "width", Numbers.shortened(widthX),
        "height", Numbers.shortened(widthY),
        "bins", (bins + together - 1) / together,
        "cells", flat);
  }

  /**
   * The grid's densities, row by row, as the square root of their share of the maximum, which keeps
   * digits where densities are low; levels likewise.
   */
  Map<String, Object> density() {
    List<Fact> all = facts.all("density");
    if (all.isEmpty()) {
      return null;
    }
    java.util.TreeMap<Double, Double> x = new java.util.TreeMap<>();
    java.util.TreeMap<Double, Double> y = new java.util.TreeMap<>();
    double most = 0;
    for (Fact fact : all) {
      x.put(fact.number("column"), fact.number("x"));
      y.put(fact.number("row"), fact.number("y"));
      most = Math.max(most, fact.number("density"));
    }
    List<Double> columns = new ArrayList<>(x.keySet());
    List<Double> rows = new ArrayList<>(y.keySet());
    long[] values = new long[columns.size() * rows.size()];
    double columnStep = columns.size() > 1 ? columns.get(1) - columns.get(0) : 1;
    double rowStep = rows.size() > 1 ? rows.get(1) - rows.get(0) : 1;
    for (Fact fact : all) {
      int column = (int) Math.round((fact.number("column") - columns.get(0)) / columnStep);
      int row = (int) Math.round((fact.number("row") - rows.get(0)) / rowStep);
      values[row * columns.size() + column] =
          Math.round(DENSITY_SCALE * Math.sqrt(fact.number("density") / most));
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
    tree.put("columns", columns.size());
    tree.put("rows", rows.size());
    tree.put("x", List.of(x.firstEntry().getValue(), x.lastEntry().getValue()));
    tree.put("y", List.of(y.firstEntry().getValue(), y.lastEntry().getValue()));
    tree.put("values", values);
    tree.put("levels", levels);
    return tree;
  }
}
