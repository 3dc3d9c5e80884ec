package org.cytolake.statistics;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.cytolake.cluster.WeightedPoints;
import org.cytolake.clusters.ClusterChecks;
import org.cytolake.clusters.ClusterRivals;
import org.cytolake.clusters.ClusterRows;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.image.Region;
import org.cytolake.intensity.LookupTable;
import org.cytolake.tables.Table;

/** The values that one field's pixels are clustered by, and the models of the field itself. */
final class ClusterValues {
  private static final String POSITIVE = "positive";
  private static final String STAINED = "stained";
  private static final String ALL = "none";

  private final FieldRows how;
  private final Clustering settings;
  private final FieldTuples field;
  private final int[] channels;

  ClusterValues(FieldRows how, FieldTuples field) {
    this.how = how;
    this.settings = how.clustering();
    this.field = field;
    this.channels =
        settings.channelsOf(how.channels()).stream().mapToInt(how.channels()::indexOf).toArray();
  }

  /**
   * Adds rows of {@code cluster_values} and, where each image has its own, of the models.
   *
   * @param equalized of the composite
   * @param normalized by reference channel
   */
  void add(
      LookupTable equalized, Map<String, LookupTable> normalized, EnumMap<Table, List<Row>> rows) {
    boolean inRegion = !List.of(POSITIVE, STAINED, ALL).contains(settings.pixels());
    FieldTuples.Region region = field.regions().get(inRegion ? settings.pixels() : Region.WHOLE);
    JointHistogram raw = tuples(region);
    JointHistogram chosen = chosen(raw);
    LookupTable table =
        switch (settings.values()) {
          case "normalized" -> normalized.get(settings.referenceOf(how.settings()));
          case "equalized" -> equalized;
          default -> null;
        };
    JointHistogram values = chosen;
    if (chosen.size() > 0 && !settings.values().equals("raw")) {
      LookupTable[] tables = new LookupTable[channels.length];
      for (int c = 0; c < tables.length; c++) {
        Histogram marginal = chosen.marginal(c);
        tables[c] = table == null ? logarithm(marginal) : TransformRows.within(table, marginal);
      }
      values = LookupTable.apply(chosen, tables);
    }
    for (int i = 0; i < values.size(); i++) {
      double[] tuple = new double[channels.length];
      for (int c = 0; c < tuple.length; c++) {
        tuple[c] = values.value(c, i);
      }
      rows.get(Table.CLUSTER_VALUES)
          .add(RowFactory.create(ClusterRows.doubles(tuple), values.count(i)));
    }
    if (settings.perImage()) {
      WeightedPoints points = WeightedPoints.of(values);
      ClusterRows models =
          ClusterRows.fit(
              Clustering.IMAGE,
              settings.channelsOf(how.channels()),
              points,
              droppedBits(region),
              settings,
              ClusterChecks.fittedTo(settings, how.settings()),
              ClusterRivals.NONE);
      for (Table made : ClusterRows.TABLES) {
        rows.get(made).addAll(models.of(made));
      }
    }
  }

  private int pair() {
    for (int p = 0; p < how.pairs().size(); p++) {
      int[] pair = how.pairs().get(p);
      if (pair[0] == Math.min(channels[0], channels[channels.length - 1])
          && pair[1] == Math.max(channels[0], channels[channels.length - 1])) {
        return p;
      }
    }
    throw new IllegalStateException("there is no pair of these channels");
  }

  private int droppedBits(FieldTuples.Region region) {
    return channels.length == 1 || region == null ? 0 : region.droppedBits()[pair()];
  }

  private JointHistogram tuples(FieldTuples.Region region) {
    if (region == null) { // of no finite pixel
      return JointHistogram.empty(channels.length);
    }
    if (channels.length == 1) {
      Histogram h = region.channels().get(channels[0]);
      double[][] values = new double[1][h.size()];
      long[] counts = new long[h.size()];
      for (int i = 0; i < counts.length; i++) {
        values[0][i] = h.value(i);
        counts[i] = h.count(i);
      }
      return JointHistogram.of(values, counts);
    }
    JointHistogram tuples = region.pairs().get(pair());
    return channels[0] < channels[1] ? tuples : tuples.project(1, 0);
  }

  /** The pixels that are clustered. */
  private JointHistogram chosen(JointHistogram raw) {
    double[] above = new double[channels.length];
    if (settings.pixels().equals(STAINED)) {
      for (int c = 0; c < above.length; c++) {
        above[c] =
            how.settings()
                .threshold(how.channels().get(channels[c]), how.kind(channels[c]))
                .of(field.regions().get(Region.WHOLE).channels().get(channels[c]));
      }
    } else if (!settings.pixels().equals(POSITIVE)) {
      return raw;
    }
    boolean all = settings.pixels().equals(POSITIVE);
    double[][] values = new double[channels.length][raw.size()];
    long[] counts = new long[raw.size()];
    for (int i = 0; i < counts.length; i++) {
      int over = 0;
      for (int c = 0; c < above.length; c++) {
        values[c][i] = raw.value(c, i);
        over += raw.value(c, i) > above[c] ? 1 : 0;
      }
      counts[i] = (all ? over == above.length : over > 0) ? raw.count(i) : 0;
    }
    return JointHistogram.of(values, counts);
  }

  private static LookupTable logarithm(Histogram histogram) {
    double[] values = new double[histogram.size()];
    double[] results = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = histogram.value(i);
      results[i] = StrictMath.log1p(Math.max(0, values[i]));
    }
    return LookupTable.of(values, results);
  }
}
