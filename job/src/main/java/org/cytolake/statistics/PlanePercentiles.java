package org.cytolake.statistics;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.cytolake.field.ChannelFacts;
import org.cytolake.field.Columns;
import org.cytolake.field.PlaneKey;
import org.cytolake.image.Region;
import org.cytolake.nuclei.Percentiles;
import org.cytolake.tables.KeyColumns;

/** Percentiles 1 and 99.8 of channels of every field of view, by which networks are given them. */
final class PlanePercentiles {
  private static final double LOW = 1;
  private static final double HIGH = 99.8;
  private static final String CHANNEL = "channel";

  private final KeyColumns keys;
  private final PixelTuples tuples;
  private final List<String> counted;

  /**
   * @param counted names of the channels of the tuples
   */
  PlanePercentiles(KeyColumns keys, PixelTuples tuples, List<String> counted) {
    this.keys = keys;
    this.tuples = tuples;
    this.counted = List.copyOf(counted);
  }

  /** From rows of the table {@code channel_stats}. */
  static Map<PlaneKey, List<Percentiles>> ofStatistics(
      Dataset<Row> statistics, List<String> channels) {
    return collect(
        statistics
            .where(col(KeyColumns.REGION).equalTo(Region.WHOLE))
            .where(col(CHANNEL).isInCollection(channels))
            .select(
                col(Columns.IMAGE),
                col(Columns.SERIES),
                col(Columns.Z),
                col(Columns.T),
                col(CHANNEL),
                col("p1"),
                col("p99_8")),
        channels);
  }

  /**
   * From tuples of intensities.
   *
   * @param counts of {@link PixelTuples#count}, without failed images
   * @param ranges as for {@link PixelTuples#count}
   * @param together whether the channels share their percentiles
   */
  Map<PlaneKey, List<Percentiles>> ofTuples(
      Dataset<Row> counts, Dataset<Row> ranges, List<String> channels, boolean together) {
    return collect(
        histograms(counts, ranges, channels, together)
            .select(
                col(Columns.IMAGE),
                col(Columns.SERIES),
                col(Columns.Z),
                col(Columns.T),
                col(CHANNEL),
                percentile(LOW),
                percentile(HIGH)),
        together ? channels.stream().map(c -> "").toList() : channels);
  }

  /** What else warnings are made of, from the same. */
  Map<PlaneKey, ChannelFacts> facts(Dataset<Row> counts, Dataset<Row> ranges, String channel) {
    Map<PlaneKey, ChannelFacts> facts = new HashMap<>();
    histograms(counts, ranges, List.of(channel), false)
        .select(
            col(Columns.IMAGE),
            col(Columns.SERIES),
            col(Columns.Z),
            col(Columns.T),
            percentile(LOW),
            percentile(50),
            percentile(HIGH),
            expr("histogram_mean(h)"))
        .toLocalIterator()
        .forEachRemaining(
            row ->
                facts.put(
                    PlaneKey.of(row),
                    new ChannelFacts(
                        row.getDouble(4),
                        row.getDouble(5),
                        row.getDouble(6),
                        row.getDouble(7),
                        0)));
    return facts;
  }

  private static Column percentile(double percent) {
    return expr("histogram_percentile(h, " + percent + ")");
  }

  /** One row a field and channel, with the histogram {@code h}. */
  private Dataset<Row> histograms(
      Dataset<Row> counts, Dataset<Row> ranges, List<String> channels, boolean together) {
    Dataset<Row> whole = whole(counts);
    Dataset<Row> joined =
        ranges == null
            ? whole
            : whole.join(
                functions.broadcast(whole(ranges)),
                scala.jdk.javaapi.CollectionConverters.asScala(keys.names()).toSeq());
    Dataset<Row> values = null;
    for (String channel : channels) {
      int c = counted.indexOf(channel);
      Dataset<Row> one =
          joined
              .where(col(PixelTuples.PAIR).equalTo(tuples.pairOf(c)))
              .withColumn("value", tuples.value(c))
              .select(
                  columns(
                      col("value"),
                      col(PixelTuples.COUNT),
                      lit(together ? "" : channel).as(CHANNEL)));
      values = values == null ? one : values.unionByName(one);
    }
    return values
        .groupBy(columns(col(CHANNEL), col("value")))
        .agg(sum(PixelTuples.COUNT).as("n"))
        .groupBy(columns(col(CHANNEL)))
        .agg(expr("collect_list(struct(value, n))").as("h"));
  }

  private static Dataset<Row> whole(Dataset<Row> rows) {
    return rows.where(col(KeyColumns.REGION).equalTo(Region.WHOLE)).drop(KeyColumns.REGION);
  }

  private Column[] columns(Column... further) {
    List<Column> columns = new ArrayList<>(Arrays.asList(keys.columns()));
    columns.addAll(Arrays.asList(further));
    return columns.toArray(Column[]::new);
  }

  /** Of fields that have all the channels. */
  private static Map<PlaneKey, List<Percentiles>> collect(
      Dataset<Row> rows, List<String> channels) {
    Map<PlaneKey, Map<String, Percentiles>> byField = new HashMap<>();
    Iterator<Row> found = rows.toLocalIterator();
    while (found.hasNext()) {
      Row row = found.next();
      byField
          .computeIfAbsent(PlaneKey.of(row), k -> new HashMap<>())
          .put(row.getString(4), new Percentiles(row.getDouble(5), row.getDouble(6)));
    }
    Map<PlaneKey, List<Percentiles>> percentiles = new HashMap<>();
    byField.forEach(
        (field, ofChannels) -> {
          if (ofChannels.keySet().containsAll(channels)) {
            percentiles.put(field, channels.stream().map(ofChannels::get).toList());
          }
        });
    return percentiles;
  }
}
