package org.cytolake.report;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.cytolake.facts.Part;
import org.cytolake.tables.KeyColumns;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * Every measure of {@code image_quality} for the report's maps of plates: the mean of a well's
 * images, as a page of all images' measures would be large.
 */
final class QualityByWell {
  /** The part's name. */
  static final String NAME = "quality_by_well";

  private static final String CHANNEL = "channel";
  private static final String IMAGES = "images";

  private QualityByWell() {}

  /** The columns of measures: numbers, or numbers by scale. */
  private static List<String> measures(Layout layout, Class<? extends DataType> type) {
    return Arrays.stream(Table.IMAGE_QUALITY.schema(layout).fields())
        .filter(field -> type.isInstance(field.dataType()))
        .map(StructField::name)
        .toList();
  }

  /** The groups of the pattern that say where on which plate an image is; empty without wells. */
  private static List<String> places(List<String> groups) {
    Stream<String> plate = Stream.of("plate");
    List<String> found = Stream.concat(plate, well(groups)).filter(groups::contains).toList();
    return well(groups).findAny().isPresent() ? found : List.of();
  }

  private static Stream<String> well(List<String> groups) {
    if (groups.contains("well")) {
      return Stream.of("well");
    }
    Optional<String> column =
        groups.stream().filter(List.of("column", "col")::contains).findFirst();
    return groups.contains("row") && column.isPresent()
        ? Stream.of("row", column.get())
        : Stream.empty();
  }

  /**
   * How the wells' measures travel; empty where images have no wells.
   *
   * @param scales of the measures that are of several
   */
  static Optional<Part> part(Layout layout, List<Integer> scales) {
    List<String> places = places(layout.groups());
    if (places.isEmpty()) {
      return Optional.empty();
    }
    List<String> numbers = new ArrayList<>(List.of(IMAGES));
    numbers.addAll(measures(layout, DoubleType.class));
    measures(layout, MapType.class).forEach(m -> scales.forEach(s -> numbers.add(m + "_" + s)));
    return Optional.of(
        Part.of(NAME, CHANNEL + " " + String.join(" ", places), String.join(" ", numbers)));
  }

  /**
   * The wells of images.
   *
   * @param quality rows of whole images
   */
  static Dataset<Row> rows(Dataset<Row> quality, Layout layout, List<Integer> scales) {
    List<Column> by = new ArrayList<>(List.of(col(CHANNEL)));
    places(layout.groups()).forEach(name -> by.add(col(KeyColumns.quoted(name))));
    List<Column> means = new ArrayList<>();
    measures(layout, DoubleType.class).forEach(m -> means.add(avg(col(m)).as(m)));
    measures(layout, MapType.class)
        .forEach(
            m ->
                scales.forEach(
                    s ->
                        means.add(
                            avg(expr("try_element_at(" + m + ", " + s + ")")).as(m + "_" + s))));
    Dataset<Row> wells =
        quality
            .groupBy(by.toArray(Column[]::new))
            .agg(count(lit(1)).as(IMAGES), means.toArray(Column[]::new));
    return wells
        .withColumn("image", lit(null).cast(DataTypes.StringType))
        .withColumn("series", lit(null).cast(DataTypes.IntegerType))
        .withColumn("z", lit(null).cast(DataTypes.IntegerType))
        .withColumn("t", lit(null).cast(DataTypes.IntegerType));
  }
}
