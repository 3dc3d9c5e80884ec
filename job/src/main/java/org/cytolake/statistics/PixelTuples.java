package org.cytolake.statistics;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.stddev_pop;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.field.Columns;
import org.cytolake.image.Region;
import org.cytolake.tables.KeyColumns;

/**
 * The one pass over the pixels: how many pixels of a field have which tuple of intensities.
 *
 * <p>Intensities are kept as integer codes. For integers to 16 bits the code is the intensity. For
 * others it is one of {@value #LEVELS} levels between the field's minimum and maximum, intensity =
 * low + code x step, as {@link #ranges} says; 32-bit integers that span fewer values stay exact.
 * Pixels that are no finite numbers are left out.
 *
 * <p>One or two channels make one tuple; more make one for each pair of channels, numbered by the
 * column {@code pair}.
 */
final class PixelTuples {
  /** Levels of channels that are no integers to 16 bits. */
  static final int LEVELS = 65_536;

  private static final int MOST_BITS = 16;

  static final String COUNT = "count";
  static final String PAIR = "pair";
  static final String DROPPED_BITS = "dropped_bits";

  private final KeyColumns fields;
  private final KeyColumns keys; // with the region
  private final List<String> channels;
  private final List<DataType> types;
  private final List<Region> regions;

  /**
   * @param regions beside the whole image
   */
  PixelTuples(KeyColumns keys, List<String> channels, List<DataType> types, List<Region> regions) {
    this.fields = keys;
    this.keys = keys.withRegion();
    this.regions = List.copyOf(regions);
    this.channels = List.copyOf(channels);
    this.types = List.copyOf(types);
  }

  /** The channel pairs; a single channel is a pair with itself. */
  List<int[]> pairs() {
    List<int[]> pairs = new ArrayList<>();
    if (channels.size() == 1) {
      pairs.add(new int[] {0, 0});
    }
    for (int a = 0; a < channels.size(); a++) {
      for (int b = a + 1; b < channels.size(); b++) {
        pairs.add(new int[] {a, b});
      }
    }
    return pairs;
  }

  /** The pair that a channel's own histogram is taken from. */
  int pairOf(int channel) {
    return Math.max(0, channel - 1);
  }

  boolean isExact(int channel) {
    return types.get(channel).equals(DataTypes.IntegerType);
  }

  boolean allExact() {
    return types.stream().allMatch(t -> t.equals(DataTypes.IntegerType));
  }

  static String code(int channel) {
    return "code_" + channel;
  }

  /** The intensity of a row with a code, and {@link #ranges} where the channel is not exact. */
  Column value(int channel) {
    Column code = col(code(channel)).cast(DataTypes.DoubleType);
    if (isExact(channel)) {
      return code;
    }
    Column value = col("low_" + channel).plus(code.multiply(col("step_" + channel)));
    // a sample of the channel's own precision, as the references have it
    return types.get(channel).equals(DataTypes.FloatType)
        ? value.cast(DataTypes.FloatType).cast(DataTypes.DoubleType)
        : value;
  }

  /**
   * Of every channel that is not exact: number of finite pixels, their mean and population standard
   * deviation, for each field and region; and the minimum ({@code low_i}) and the width of a level
   * ({@code step_i}) of the whole field.
   */
  Dataset<Row> ranges(Dataset<Row> pixels) {
    List<Column> moments = new ArrayList<>();
    List<Column> extremes = new ArrayList<>();
    for (int c = 0; c < channels.size(); c++) {
      if (isExact(c)) {
        continue;
      }
      Column value = finite(c);
      moments.add(functions.count(value).as("n_" + c));
      moments.add(expr("avg(" + finiteText(c) + ")").as("mean_" + c));
      moments.add(stddev_pop(value).as("stddev_" + c));
      extremes.add(min(value).as("low_" + c));
      extremes.add(max(value).as("high_" + c));
    }
    Dataset<Row> readable = pixels.where(col(Columns.CORRUPT).isNull());
    Dataset<Row> ofFields = aggregated(readable, extremes);
    for (int c = 0; c < channels.size(); c++) {
      if (!isExact(c)) {
        Column width = col("high_" + c).minus(col("low_" + c)).divide(lit(LEVELS - 1.0));
        boolean whole = types.get(c).equals(DataTypes.LongType);
        ofFields =
            ofFields.withColumn(
                "step_" + c,
                whole
                    ? when(width.leq(1), lit(1.0)).otherwise(width)
                    : when(width.equalTo(0), lit(1.0)).otherwise(width));
      }
    }
    Dataset<Row> ofRegions = null;
    for (Map.Entry<String, Dataset<Row>> region : byRegion(readable).entrySet()) {
      Dataset<Row> one =
          aggregated(region.getValue(), moments)
              .withColumn(KeyColumns.REGION, lit(region.getKey()));
      ofRegions = ofRegions == null ? one : ofRegions.unionByName(one);
    }
    return ofRegions.join(broadcast(ofFields), on(fields), "left");
  }

  private Dataset<Row> aggregated(Dataset<Row> pixels, List<Column> aggregates) {
    return pixels
        .groupBy(fields.columns())
        .agg(aggregates.get(0), aggregates.subList(1, aggregates.size()).toArray(Column[]::new));
  }

  private static scala.collection.immutable.Seq<String> on(KeyColumns keys) {
    return scala.jdk.javaapi.CollectionConverters.asScala(keys.names()).toSeq();
  }

  /** The pixels of the whole image and of each region; the data source decodes those tiles only. */
  private Map<String, Dataset<Row>> byRegion(Dataset<Row> pixels) {
    Map<String, Dataset<Row>> all = new LinkedHashMap<>();
    all.put(Region.WHOLE, pixels);
    for (Region r : regions) {
      all.put(
          r.name(),
          pixels.where(
              col(Columns.X)
                  .geq(r.x())
                  .and(col(Columns.X).lt(r.x() + r.width()))
                  .and(col(Columns.Y).geq(r.y()))
                  .and(col(Columns.Y).lt(r.y() + r.height()))));
    }
    return all;
  }

  private String finiteText(int channel) {
    String name = KeyColumns.quoted(channels.get(channel));
    // false for NaN (greater than every number in Spark) and for infinities
    return "CASE WHEN abs("
        + name
        + ") <= 1.7976931348623157E308D THEN CAST("
        + name
        + " AS DOUBLE) END";
  }

  private Column finite(int channel) {
    return expr(finiteText(channel));
  }

  /**
   * Counts tuples.
   *
   * @param pixels the data source's rows, in mode PERMISSIVE
   * @param ranges of {@link #ranges}, or null where {@link #allExact()}
   * @return key columns, {@code pair}, {@code code_i} (NULL for channels outside the pair), {@code
   *     count}, {@code corrupt} (only this and the keys are set for a failed image)
   */
  Dataset<Row> count(Dataset<Row> pixels, Dataset<Row> ranges) {
    Dataset<Row> all = null;
    List<int[]> pairs = pairs();
    for (Map.Entry<String, Dataset<Row>> region : byRegion(pixels).entrySet()) {
      for (int p = 0; p < pairs.size(); p++) {
        int[] pair = pairs.get(p);
        Dataset<Row> counted =
            Arrays.stream(pair).allMatch(this::isExact)
                ? exact(region.getValue(), pair)
                : levels(region.getValue(), ranges, pair);
        Dataset<Row> one =
            counted.withColumn(KeyColumns.REGION, lit(region.getKey())).select(columns(pair, p));
        all = all == null ? one : all.unionByName(one);
      }
    }
    return all;
  }

  private Column[] columns(int[] pair, int number) {
    List<Column> columns = new ArrayList<>(List.of(keys.columns()));
    columns.add(lit(number).as(PAIR));
    for (int c = 0; c < channels.size(); c++) {
      columns.add(
          pair[0] == c || pair[1] == c
              ? col("k_" + c).as(code(c))
              : lit(null).cast(DataTypes.IntegerType).as(code(c)));
    }
    columns.add(col(COUNT));
    columns.add(col(Columns.CORRUPT));
    return columns.toArray(Column[]::new);
  }

  /** The data source computes this aggregation itself. */
  private Dataset<Row> exact(Dataset<Row> pixels, int[] pair) {
    List<Column> by = new ArrayList<>(List.of(fields.columns()));
    for (int c : Arrays.stream(pair).distinct().toArray()) {
      by.add(col(KeyColumns.quoted(channels.get(c))));
    }
    by.add(col(Columns.CORRUPT));
    Dataset<Row> counted = pixels.groupBy(by.toArray(Column[]::new)).count();
    for (int c : Arrays.stream(pair).distinct().toArray()) {
      counted = counted.withColumn("k_" + c, col(KeyColumns.quoted(channels.get(c))));
    }
    return counted;
  }

  private Dataset<Row> levels(Dataset<Row> pixels, Dataset<Row> ranges, int[] pair) {
    Dataset<Row> joined =
        pixels.join(
            broadcast(
                ranges.where(col(KeyColumns.REGION).equalTo(Region.WHOLE)).drop(KeyColumns.REGION)),
            on(fields),
            "left");
    List<Column> by = new ArrayList<>(List.of(fields.columns()));
    Column usable = col(Columns.CORRUPT).isNotNull();
    Column finite = lit(true);
    for (int c : Arrays.stream(pair).distinct().toArray()) {
      Column value = col(KeyColumns.quoted(channels.get(c)));
      if (!isExact(c)) {
        value =
            round(finite(c).minus(col("low_" + c)).divide(col("step_" + c)))
                .cast(DataTypes.IntegerType);
        finite = finite.and(finite(c).isNotNull());
      }
      joined = joined.withColumn("k_" + c, value);
      by.add(col("k_" + c));
    }
    by.add(col(Columns.CORRUPT));
    return joined.where(usable.or(finite)).groupBy(by.toArray(Column[]::new)).count();
  }

  /**
   * Drops low bits of the codes of those fields whose pair has more distinct tuples than allowed:
   * the fewest bits that suffice, the same number for all channels.
   *
   * @param tuples of {@link #count}, without failed images
   * @return the same columns less {@code corrupt}, and {@code dropped_bits}
   */
  Dataset<Row> coarsen(Dataset<Row> tuples, long maxTuples) {
    List<Column> group = new ArrayList<>(List.of(keys.columns()));
    group.add(col(PAIR));
    Column[] by = group.toArray(Column[]::new);
    Dataset<Row> exact = tuples.drop(Columns.CORRUPT);
    Dataset<Row> crowded = exact.groupBy(by).count().where(col(COUNT).gt(maxTuples)).drop(COUNT);
    Dataset<Row> unchanged = exact.withColumn(DROPPED_BITS, lit(0));
    if (crowded.isEmpty()) {
      return unchanged;
    }
    List<String> on = new ArrayList<>(keys.names());
    on.add(PAIR);
    var onColumns = scala.jdk.javaapi.CollectionConverters.asScala(on).toSeq();
    Dataset<Row> bits =
        needed(exact.join(broadcast(crowded), onColumns, "left_semi"), by, maxTuples);
    Dataset<Row> shifted = exact.join(broadcast(bits), onColumns);
    for (int c = 0; c < channels.size(); c++) {
      shifted =
          shifted.withColumn(
              code(c), expr("shiftleft(" + shifted(c, DROPPED_BITS) + ", " + DROPPED_BITS + ")"));
    }
    group.add(col(DROPPED_BITS));
    for (int c = 0; c < channels.size(); c++) {
      group.add(col(code(c)));
    }
    return unchanged
        .join(broadcast(crowded), onColumns, "left_anti")
        .unionByName(shifted.groupBy(group.toArray(Column[]::new)).agg(sum(COUNT).as(COUNT)));
  }

  /** How many bits must go from each group: all distinct tuples are counted at every number. */
  private Dataset<Row> needed(Dataset<Row> crowded, Column[] by, long maxTuples) {
    List<Column> distinct = new ArrayList<>();
    StringBuilder fewest = new StringBuilder("CASE");
    for (int bits = 1; bits <= MOST_BITS; bits++) {
      List<String> codes = new ArrayList<>();
      for (int c = 0; c < channels.size(); c++) {
        codes.add(shifted(c, Integer.toString(bits)));
      }
      distinct.add(
          expr("count(DISTINCT struct(" + String.join(", ", codes) + "))").as("n_" + bits));
      fewest.append(" WHEN n_").append(bits).append(" <= ").append(maxTuples);
      fewest.append(" THEN ").append(bits);
    }
    List<Column> columns = new ArrayList<>(Arrays.asList(by));
    columns.add(expr(fewest + " ELSE " + MOST_BITS + " END").as(DROPPED_BITS));
    return crowded
        .groupBy(by)
        .agg(distinct.get(0), distinct.subList(1, distinct.size()).toArray(Column[]::new))
        .select(columns.toArray(Column[]::new));
  }

  private static String shifted(int channel, String bits) {
    return "shiftright(" + code(channel) + ", " + bits + ")";
  }

  /**
   * Rows of the table {@code joint_histograms}.
   *
   * @param coarsened of {@link #coarsen}
   * @param ranges as for {@link #count}
   */
  Dataset<Row> table(Dataset<Row> coarsened, Dataset<Row> ranges) {
    Dataset<Row> joined =
        ranges == null ? coarsened : coarsened.join(broadcast(ranges), on(keys), "left");
    List<Column> columns = new ArrayList<>(List.of(keys.columns()));
    Column binned = lit(false);
    for (int c = 0; c < channels.size(); c++) {
      Column value = col(code(c));
      if (!isExact(c)) {
        value = col("low_" + c).plus(value.multiply(col("step_" + c)));
        Column ofThis = col(code(c)).isNotNull();
        binned =
            binned.or(
                types.get(c).equals(DataTypes.LongType)
                    ? ofThis.and(col("step_" + c).gt(1))
                    : ofThis);
        value = types.get(c).equals(DataTypes.LongType) ? round(value) : value;
      }
      columns.add(value.cast(types.get(c)).as(channels.get(c)));
    }
    columns.add(col(COUNT));
    columns.add(col(DROPPED_BITS));
    columns.add(when(binned, lit(LEVELS)).as("levels"));
    return joined.select(columns.toArray(Column[]::new));
  }
}
