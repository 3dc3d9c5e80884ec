package org.cytolake.statistics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.Exploration;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.Otsu;
import org.cytolake.histogram.SampleKind;
import org.cytolake.image.Region;
import org.cytolake.intensity.Stain;
import org.cytolake.tables.ColocalizationRow;
import org.cytolake.tables.Table;

/**
 * Rows of {@link FieldExploration#TABLES}, behind the keys, for one field at a time.
 *
 * @param settings with channels named
 * @param clustering how pixels are clustered
 * @param bins of the histograms of raw and equalised values
 * @param channels names of all channels
 * @param types their Spark types
 * @param pairs indices of the channels of each pair
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FieldRows(
    Exploration settings,
    CytolakeConfig.Clustering clustering,
    int bins,
    List<String> channels,
    List<DataType> types,
    List<int[]> pairs)
    implements Serializable {

  /**
   * What the header says of an image and the tuples do not.
   *
   * @param pixelAreaUm2 square micrometres of a pixel, or null where unknown
   * @param saturation the largest value that each channel's pixel type holds; NaN for floats
   * @param bytes whether each channel's samples are unsigned 8-bit integers
   */
  record Facts(Double pixelAreaUm2, List<Double> saturation, List<Boolean> bytes)
      implements Serializable {
    Facts {
      saturation = List.copyOf(saturation);
      bytes = List.copyOf(bytes);
    }
  }

  FieldRows {
    channels = List.copyOf(channels);
    types = List.copyOf(types);
    pairs = List.copyOf(pairs);
  }

  EnumMap<Table, List<Row>> of(FieldTuples field, Facts facts) {
    EnumMap<Table, List<Row>> rows = new EnumMap<>(Table.class);
    FieldExploration.TABLES.forEach(t -> rows.put(t, new ArrayList<>()));
    for (Map.Entry<String, FieldTuples.Region> region : field.regions().entrySet()) {
      for (int c = 0; c < channels.size(); c++) {
        if (!region.getValue().channels().get(c).isEmpty()) {
          rows.get(Table.CHANNEL_STATS)
              .add(statistics(region.getKey(), region.getValue(), c, facts));
        }
      }
    }
    if (channels.size() > 1) {
      colocalization(field, rows.get(Table.COLOCALIZATION));
    }
    new TransformRows(this, field, facts, rows).add();
    return rows;
  }

  SampleKind kind(int c) {
    DataType type = types.get(c);
    if (type.equals(DataTypes.FloatType)) {
      return SampleKind.FLOAT;
    }
    return type.equals(DataTypes.DoubleType) ? SampleKind.DOUBLE : SampleKind.INTEGER;
  }

  /** Of two channels together: integers only where both are. */
  private SampleKind kind(int[] pair) {
    return kind(pair[0]) == SampleKind.INTEGER ? kind(pair[1]) : kind(pair[0]);
  }

  private Row statistics(String name, FieldTuples.Region region, int c, Facts facts) {
    Histogram h = region.channels().get(c);
    double otsu = Otsu.threshold(h, kind(c));
    Stain stain =
        Stain.of(h, settings.threshold(channels.get(c), kind(c)), facts.saturation().get(c));
    boolean bounded = !Double.isNaN(facts.saturation().get(c));
    Double mean = region.means()[c];
    Double stddev = region.stddevs()[c];
    Double area = facts.pixelAreaUm2();
    return RowFactory.create(
        name,
        channels.get(c),
        h.count(),
        mean == null ? (Double) h.mean() : mean,
        stddev == null ? (Double) h.stddev() : stddev,
        h.min(),
        h.max(),
        h.percentile(1),
        h.percentile(25),
        h.percentile(50),
        h.percentile(75),
        h.percentile(99),
        h.percentile(99.8),
        otsu,
        stain.threshold(),
        stain.fraction(),
        area == null ? null : (Double) (h.countAbove(stain.threshold()) * area),
        Double.isNaN(stain.mean()) ? null : (Double) stain.mean(),
        bounded ? (Double) stain.saturatedFraction() : null);
  }

  /** With the whole image's thresholds in every region. */
  private void colocalization(FieldTuples field, List<Row> rows) {
    FieldTuples.Region whole = field.regions().get(Region.WHOLE);
    for (int p = 0; p < pairs.size(); p++) {
      int[] pair = pairs.get(p);
      Colocalization.Thresholds thresholds =
          Colocalization.Thresholds.of(whole.pairs().get(p), kind(pair));
      for (Map.Entry<String, FieldTuples.Region> region : field.regions().entrySet()) {
        JointHistogram tuples = region.getValue().pairs().get(p);
        if (tuples.size() > 0) {
          rows.add(
              ColocalizationRow.of(
                  region.getKey(),
                  null,
                  channels.get(pair[0]),
                  channels.get(pair[1]),
                  Colocalization.of(tuples, thresholds),
                  thresholds));
        }
      }
    }
  }
}
