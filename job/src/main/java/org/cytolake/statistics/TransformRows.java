package org.cytolake.statistics;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.cytolake.density.KernelDensity;
import org.cytolake.histogram.Bins;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.SampleKind;
import org.cytolake.image.Region;
import org.cytolake.intensity.Difference;
import org.cytolake.intensity.Histogram2d;
import org.cytolake.intensity.LookupTable;
import org.cytolake.tables.PlaneRows;
import org.cytolake.tables.RowByName;
import org.cytolake.tables.Table;

/** Rows of histograms of raw, equalised and normalised intensities, and of what follows of them. */
public final class TransformRows {
  private static final String COMPOSITE = "composite";

  private final StatisticsSettings settings;
  private final PlaneCounts counts;
  private final PlaneStatistics statistics;
  private final Optional<PlaneTransforms> transforms;
  private final PlaneRows rows;

  /**
   * @param transforms of the plane; empty: only raw intensities have histograms
   */
  public TransformRows(
      StatisticsSettings settings,
      PlaneCounts counts,
      PlaneStatistics statistics,
      Optional<PlaneTransforms> transforms,
      PlaneRows rows) {
    this.settings = settings;
    this.counts = counts;
    this.statistics = statistics;
    this.transforms = transforms;
    this.rows = rows;
  }

  /** Adds them. */
  public void add() {
    for (int c = 0; c < settings.channels().size(); c++) {
      int channel = c;
      statistics
          .regions()
          .forEach(
              (name, region) ->
                  region
                      .channels()
                      .get(channel)
                      .ifPresent(
                          of ->
                              bins(
                                  new Binned(name, "raw", null, settings.channels().get(channel)),
                                  of.bins())));
    }
    transforms.ifPresent(this::add);
  }

  private void add(PlaneTransforms of) {
    for (int c = 0; c < settings.channels().size(); c++) {
      transform("equalized", settings.channels().get(c), c, of.channels().get(c));
    }
    for (int c : of.shown()) {
      transform("equalized", COMPOSITE, c, of.composite());
    }
    of.normalized()
        .forEach(
            (reference, table) -> {
              for (int c : of.shown()) {
                transform("normalized", reference, c, table);
              }
              for (int p = 0; p < settings.pairs().size(); p++) {
                int[] pair = settings.pairs().get(p);
                if (isIn(of.shown(), pair[0]) && isIn(of.shown(), pair[1])) {
                  pair(of, reference, table, p);
                }
              }
            });
  }

  private static boolean isIn(int[] channels, int channel) {
    return Arrays.stream(channels).anyMatch(c -> c == channel);
  }

  private void transform(String transform, String reference, int c, LookupTable table) {
    String channel = settings.channels().get(c);
    rows.add(Table.LOOKUP_TABLES, to -> lookUp(transform, reference, c, table, to));
    boolean normalized = transform.equals("normalized");
    counts
        .regions()
        .forEach(
            (name, region) -> {
              Histogram raw = region.channels().get(c);
              if (!raw.isEmpty()) {
                Histogram made = PlaneTransforms.within(table, raw).apply(raw);
                bins(
                    new Binned(name, transform, reference, channel),
                    normalized
                        ? Bins.of(made, settings.exploration().normalizedBins(), SampleKind.INTEGER)
                        : Bins.of(made, settings.bins(), SampleKind.DOUBLE));
              }
            });
  }

  private void lookUp(
      String transform, String reference, int c, LookupTable table, Consumer<InternalRow> to) {
    RowByName row = rows.of(Table.LOOKUP_TABLES);
    Histogram raw = counts.whole().channels().get(c);
    for (int i = 0; i < raw.size(); i++) {
      row.put("transform", transform)
          .put("reference", reference)
          .put("channel", settings.channels().get(c))
          .put("value", raw.value(i))
          .put("result", table.apply(raw.value(i)));
      to.accept(row.row());
    }
  }

  /** Whose bins: null for no reference, or for all channels. */
  private record Binned(String region, String transform, String reference, String channel) {}

  private void bins(Binned of, Bins bins) {
    RowByName row = rows.of(Table.HISTOGRAMS);
    for (int b = 0; b < bins.size(); b++) {
      row.put("region", of.region)
          .put("transform", of.transform)
          .put("reference", of.reference)
          .put("channel", of.channel)
          .put("bin", b)
          .put("lower", bins.lower(b))
          .put("upper", bins.upper(b))
          .put("count", bins.count(b));
      rows.add(Table.HISTOGRAMS, row.row());
    }
  }

  private void pair(PlaneTransforms of, String reference, LookupTable table, int p) {
    int[] pair = settings.pairs().get(p);
    int first = of.shown()[0];
    int last = of.shown()[of.shown().length - 1];
    boolean outer = pair[0] == Math.min(first, last) && pair[1] == Math.max(first, last);
    for (Map.Entry<String, PlaneCounts.OfRegion> region : counts.regions().entrySet()) {
      JointHistogram raw = region.getValue().pairs().get(p);
      if (raw.size() == 0) {
        continue;
      }
      JointHistogram tuples =
          LookupTable.apply(
              raw,
              PlaneTransforms.within(table, raw.marginal(0)),
              PlaneTransforms.within(table, raw.marginal(1)));
      rows.add(
          Table.NORMALIZED_JOINT_HISTOGRAMS,
          to -> tuples(region.getKey(), reference, pair, tuples, to));
      histogram2d(region.getKey(), reference, pair, tuples);
      if (outer) {
        boolean reversed = first == pair[1]; // the composite may show the later channel first
        Histogram difference = Difference.of(tuples, reversed ? 1 : 0, reversed ? 0 : 1);
        bins(
            new Binned(region.getKey(), "difference", reference, null),
            Bins.of(difference, settings.exploration().normalizedBins(), SampleKind.INTEGER));
        if (settings.exploration().density()
            && region.getKey().equals(Region.WHOLE)
            && settings.exploration().densityReferences().contains(reference)) {
          density(reference, pair, tuples);
        }
      }
    }
  }

  private void tuples(
      String region,
      String reference,
      int[] pair,
      JointHistogram tuples,
      Consumer<InternalRow> to) {
    RowByName row = rows.of(Table.NORMALIZED_JOINT_HISTOGRAMS);
    String x = settings.channels().get(pair[0]);
    String y = settings.channels().get(pair[1]);
    for (int i = 0; i < tuples.size(); i++) {
      settings.channels().forEach(row::putNull);
      row.put("region", region)
          .put("reference", reference)
          .put(x, (int) tuples.value(0, i))
          .put(y, (int) tuples.value(1, i))
          .put("count", tuples.count(i));
      to.accept(row.row());
    }
  }

  private void histogram2d(String region, String reference, int[] pair, JointHistogram tuples) {
    Histogram2d histogram = Histogram2d.of(tuples, settings.exploration().bins2d());
    double[] x = histogram.xEdges();
    double[] y = histogram.yEdges();
    RowByName row = rows.of(Table.HISTOGRAMS_2D);
    for (int i = 0; i < histogram.xBins(); i++) {
      for (int j = 0; j < histogram.yBins(); j++) {
        if (histogram.count(i, j) > 0) {
          row.put("region", region)
              .put("reference", reference)
              .put("x_channel", settings.channels().get(pair[0]))
              .put("y_channel", settings.channels().get(pair[1]))
              .put("x_bin", i)
              .put("y_bin", j)
              .put("x_lower", x[i])
              .put("x_upper", x[i + 1])
              .put("y_lower", y[j])
              .put("y_upper", y[j + 1])
              .put("count", histogram.count(i, j));
          rows.add(Table.HISTOGRAMS_2D, row.row());
        }
      }
    }
  }

  private void density(String reference, int[] pair, JointHistogram tuples) {
    KernelDensity density =
        KernelDensity.of(tuples, settings.exploration().densityGrid(), KernelDensity.CUT);
    if (density.isEmpty()) {
      return; // a channel is constant: seaborn draws nothing either
    }
    double[] levels = density.levels();
    RowByName row = rows.of(Table.DENSITY_LEVELS);
    for (int l = 0; l < levels.length; l++) {
      double proportion =
          KernelDensity.THRESHOLD + l * (1 - KernelDensity.THRESHOLD) / (levels.length - 1);
      named(row, reference, pair)
          .put("level", l + 1)
          .put("proportion", proportion)
          .put("density", levels[l]);
      rows.add(Table.DENSITY_LEVELS, row.row());
    }
    rows.add(Table.DENSITY, to -> grid(density, levels, reference, pair, to));
  }

  private RowByName named(RowByName row, String reference, int[] pair) {
    return row.put("reference", reference)
        .put("x_channel", settings.channels().get(pair[0]))
        .put("y_channel", settings.channels().get(pair[1]));
  }

  private void grid(
      KernelDensity density,
      double[] levels,
      String reference,
      int[] pair,
      Consumer<InternalRow> to) {
    RowByName point = rows.of(Table.DENSITY);
    for (int row = 0; row < density.ySize(); row++) {
      for (int column = 0; column < density.xSize(); column++) {
        double value = density.density(column, row);
        int contour = 0;
        while (contour < levels.length && value >= levels[contour]) {
          contour++;
        }
        named(point, reference, pair)
            .put("row", row)
            .put("column", column)
            .put("x", density.x(column))
            .put("y", density.y(row))
            .put("density", value)
            .put("contour", contour);
        to.accept(point.row());
      }
    }
  }
}
