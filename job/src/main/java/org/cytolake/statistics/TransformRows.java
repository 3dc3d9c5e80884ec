package org.cytolake.statistics;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.cytolake.config.Exploration;
import org.cytolake.density.KernelDensity;
import org.cytolake.histogram.Bins;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.SampleKind;
import org.cytolake.image.Region;
import org.cytolake.intensity.Composite;
import org.cytolake.intensity.Difference;
import org.cytolake.intensity.Equalization;
import org.cytolake.intensity.Histogram2d;
import org.cytolake.intensity.LookupTable;
import org.cytolake.intensity.Normalization;
import org.cytolake.tables.Table;

/**
 * Histograms of raw, equalised and normalised intensities of one field, and what is drawn from
 * them. Look-up tables are those of the whole image; regions are looked up in them.
 */
final class TransformRows {
  private static final String COMPOSITE = "composite";
  private static final int BYTE_BITS = 8;
  private static final int MORE_BITS = 16;

  private final FieldRows how;
  private final Exploration settings;
  private final FieldTuples field;
  private final FieldTuples.Region whole;
  private final FieldRows.Facts facts;
  private final EnumMap<Table, List<Row>> rows;
  private final int[] shown; // the composite's channels

  TransformRows(
      FieldRows how, FieldTuples field, FieldRows.Facts facts, EnumMap<Table, List<Row>> rows) {
    this.how = how;
    this.settings = how.settings();
    this.field = field;
    this.whole = field.regions().get(Region.WHOLE);
    this.facts = facts;
    this.rows = rows;
    this.shown = settings.composite().stream().mapToInt(how.channels()::indexOf).toArray();
  }

  void add() {
    for (int c = 0; c < how.channels().size(); c++) {
      bins("raw", null, c, null, how.bins(), how.kind(c));
    }
    if (whole.channels().stream().anyMatch(Histogram::isEmpty)) {
      return; // no finite pixel in a channel: there is nothing to compare with
    }
    for (int c = 0; c < how.channels().size(); c++) {
      LookupTable own = Equalization.channel(whole.channels().get(c), how.kind(c));
      transform("equalized", how.channels().get(c), c, own, how.bins(), SampleKind.DOUBLE);
    }
    Histogram[] channels = new Histogram[shown.length];
    SampleKind kind = SampleKind.INTEGER;
    boolean bytes = true;
    for (int i = 0; i < shown.length; i++) {
      channels[i] = whole.channels().get(shown[i]);
      kind = how.kind(shown[i]) == SampleKind.INTEGER ? kind : how.kind(shown[i]);
      bytes &= facts.bytes().get(shown[i]);
    }
    Composite composite = Composite.of(channels);
    LookupTable equalized = Equalization.composite(composite, kind);
    for (int c : shown) {
      transform("equalized", COMPOSITE, c, equalized, how.bins(), SampleKind.DOUBLE);
    }
    Map<String, LookupTable> normalizations = new HashMap<>();
    for (String reference : settings.references()) {
      Histogram of = whole.channels().get(how.channels().indexOf(reference));
      LookupTable normalized =
          Normalization.toReference(
              composite, of, settings.offset(), bytes ? BYTE_BITS : MORE_BITS);
      normalized(reference, normalized);
      normalizations.put(reference, normalized);
    }
    if (how.clustering().enabled()) {
      new ClusterValues(how, field).add(equalized, normalizations, rows);
    }
  }

  private void normalized(String reference, LookupTable table) {
    for (int c : shown) {
      transform("normalized", reference, c, table, settings.normalizedBins(), SampleKind.INTEGER);
    }
    for (int p = 0; p < how.pairs().size(); p++) {
      int[] pair = how.pairs().get(p);
      if (pair[0] == pair[1] || !isShown(pair[0]) || !isShown(pair[1])) {
        continue;
      }
      boolean outer = pair[0] == first() && pair[1] == last();
      for (Map.Entry<String, FieldTuples.Region> region : field.regions().entrySet()) {
        JointHistogram raw = region.getValue().pairs().get(p);
        if (raw.size() == 0) {
          continue;
        }
        JointHistogram tuples =
            LookupTable.apply(raw, within(table, raw.marginal(0)), within(table, raw.marginal(1)));
        joint(region.getKey(), reference, pair, tuples);
        histogram2d(region.getKey(), reference, pair, tuples);
        if (outer) {
          boolean reversed = shown[0] == pair[1]; // the composite may show the later channel first
          Histogram difference = Difference.of(tuples, reversed ? 1 : 0, reversed ? 0 : 1);
          bins(
              region.getKey(),
              "difference",
              reference,
              null,
              Bins.of(difference, settings.normalizedBins(), SampleKind.INTEGER));
        }
        if (outer
            && settings.density()
            && region.getKey().equals(Region.WHOLE)
            && settings.densityReferences().contains(reference)) {
          density(reference, pair, tuples);
        }
      }
    }
  }

  private boolean isShown(int channel) {
    return java.util.Arrays.stream(shown).anyMatch(c -> c == channel);
  }

  private int first() {
    return Math.min(shown[0], shown[shown.length - 1]);
  }

  private int last() {
    return Math.max(shown[0], shown[shown.length - 1]);
  }

  /**
   * The part of a table that a histogram needs. Values that stand for several, because low bits
   * were dropped, are looked up at the nearest that occurs.
   */
  static LookupTable within(LookupTable table, Histogram histogram) {
    double[] values = new double[histogram.size()];
    double[] results = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = histogram.value(i);
      results[i] = table.nearest(values[i]);
    }
    return LookupTable.of(values, results);
  }

  private void transform(
      String transform, String reference, int c, LookupTable table, int bins, SampleKind kind) {
    Histogram raw = whole.channels().get(c);
    for (int i = 0; i < raw.size(); i++) {
      rows.get(Table.LOOKUP_TABLES)
          .add(
              RowFactory.create(
                  transform,
                  reference,
                  how.channels().get(c),
                  raw.value(i),
                  table.apply(raw.value(i))));
    }
    bins(transform, reference, c, table, bins, kind);
  }

  private void bins(
      String transform, String reference, int c, LookupTable table, int bins, SampleKind kind) {
    for (Map.Entry<String, FieldTuples.Region> region : field.regions().entrySet()) {
      Histogram raw = region.getValue().channels().get(c);
      if (!raw.isEmpty()) {
        Histogram histogram = table == null ? raw : within(table, raw).apply(raw);
        bins(
            region.getKey(),
            transform,
            reference,
            how.channels().get(c),
            Bins.of(histogram, bins, kind));
      }
    }
  }

  private void bins(String region, String transform, String reference, String channel, Bins bins) {
    for (int b = 0; b < bins.size(); b++) {
      rows.get(Table.HISTOGRAMS)
          .add(
              RowFactory.create(
                  region,
                  transform,
                  reference,
                  channel,
                  b,
                  bins.lower(b),
                  bins.upper(b),
                  bins.count(b)));
    }
  }

  private void joint(String region, String reference, int[] pair, JointHistogram tuples) {
    int channels = how.channels().size();
    for (int i = 0; i < tuples.size(); i++) {
      Object[] row = new Object[channels + 3];
      row[0] = region;
      row[1] = reference;
      row[2 + pair[0]] = (int) tuples.value(0, i);
      row[2 + pair[1]] = (int) tuples.value(1, i);
      row[2 + channels] = tuples.count(i);
      rows.get(Table.NORMALIZED_JOINT_HISTOGRAMS).add(RowFactory.create(row));
    }
  }

  private void histogram2d(String region, String reference, int[] pair, JointHistogram tuples) {
    Histogram2d histogram = Histogram2d.of(tuples, settings.bins2d());
    double[] x = histogram.xEdges();
    double[] y = histogram.yEdges();
    for (int i = 0; i < histogram.xBins(); i++) {
      for (int j = 0; j < histogram.yBins(); j++) {
        if (histogram.count(i, j) > 0) {
          rows.get(Table.HISTOGRAMS_2D)
              .add(
                  RowFactory.create(
                      region,
                      reference,
                      how.channels().get(pair[0]),
                      how.channels().get(pair[1]),
                      i,
                      j,
                      x[i],
                      x[i + 1],
                      y[j],
                      y[j + 1],
                      histogram.count(i, j)));
        }
      }
    }
  }

  private void density(String reference, int[] pair, JointHistogram tuples) {
    KernelDensity density = KernelDensity.of(tuples, settings.densityGrid(), KernelDensity.CUT);
    if (density.isEmpty()) {
      return; // a channel is constant: seaborn draws nothing either
    }
    String x = how.channels().get(pair[0]);
    String y = how.channels().get(pair[1]);
    double[] levels = density.levels();
    for (int l = 0; l < levels.length; l++) {
      double proportion =
          KernelDensity.THRESHOLD + l * (1 - KernelDensity.THRESHOLD) / (levels.length - 1);
      rows.get(Table.DENSITY_LEVELS)
          .add(RowFactory.create(reference, x, y, l + 1, proportion, levels[l]));
    }
    for (int row = 0; row < density.ySize(); row++) {
      for (int column = 0; column < density.xSize(); column++) {
        double value = density.density(column, row);
        int contour = 0;
        while (contour < levels.length && value >= levels[contour]) {
          contour++;
        }
        rows.get(Table.DENSITY)
            .add(
                RowFactory.create(
                    reference,
                    x,
                    y,
                    row,
                    column,
                    density.x(column),
                    density.y(row),
                    value,
                    contour));
      }
    }
  }
}
