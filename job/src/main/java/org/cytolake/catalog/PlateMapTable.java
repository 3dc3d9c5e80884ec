package org.cytolake.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.cytolake.catalog.PlateMap.Treated;

/**
 * A plate map as a table beside the others: a folder of one Parquet file, with {@code plate} where
 * the map is of plates, {@code well}, and the map's columns: BIGINT or DOUBLE where all values are
 * numbers, else STRING.
 */
public final class PlateMapTable {
  /** The folder below the output, and the view. */
  public static final String NAME = "plate_map";

  /** Without leading zeros: 007 is a name. */
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9]\\d{0,17})");

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(0|[1-9]\\d*)?(\\.\\d+)?([eE][-+]?\\d{1,3})?(?<=\\d)");

  private PlateMapTable() {}

  /** The map's rows, in its order. */
  public static Dataset<Row> of(PlateMap map, SparkSession spark) {
    List<StructField> fields = new ArrayList<>();
    if (map.ofPlates()) {
      fields.add(DataTypes.createStructField(PlateMap.PLATE, DataTypes.StringType, true));
    }
    fields.add(DataTypes.createStructField(PlateMap.WELL, DataTypes.StringType, true));
    List<DataType> types = new ArrayList<>();
    for (int c = 0; c < map.columns().size(); c++) {
      types.add(type(map.rows(), c));
      fields.add(DataTypes.createStructField(map.columns().get(c), types.get(c), true));
    }
    List<Row> rows = map.rows().stream().map(row -> row(row, types)).toList();
    return spark.createDataFrame(rows, DataTypes.createStructType(fields));
  }

  private static Row row(Treated treated, List<DataType> types) {
    List<Object> values = new ArrayList<>();
    treated.plate().ifPresent(values::add);
    values.add(treated.well().toString());
    for (int c = 0; c < types.size(); c++) {
      DataType type = types.get(c);
      values.add(treated.values().get(c).map(v -> value(v, type)).orElse(null));
    }
    return RowFactory.create(values.toArray());
  }

  private static Object value(String text, DataType type) {
    if (type.equals(DataTypes.LongType)) {
      return Long.valueOf(text);
    }
    return type.equals(DataTypes.DoubleType) ? (Object) Double.valueOf(text) : text;
  }

  private static DataType type(List<Treated> rows, int column) {
    List<String> values =
        rows.stream().flatMap(r -> r.values().get(column).stream()).distinct().toList();
    if (values.isEmpty() || !values.stream().allMatch(v -> NUMBER.matcher(v).matches())) {
      return DataTypes.StringType;
    }
    return values.stream().allMatch(v -> INTEGER.matcher(v).matches())
        ? DataTypes.LongType
        : DataTypes.DoubleType;
  }

  /**
   * The map that the last run left with the tables.
   *
   * @param output folder of the tables
   * @return empty if it had none
   */
  public static Optional<Dataset<Row>> stored(SparkSession spark, String output) {
    Path folder = new Path(output, NAME);
    try {
      return folder.getFileSystem(spark.sessionState().newHadoopConf()).exists(folder)
          ? Optional.of(spark.read().parquet(folder.toString()))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows of a table with the map's columns after its own; NULL where the map has no row. */
  public static Dataset<Row> joined(Dataset<Row> table, Dataset<Row> map) {
    List<String> keys =
        Arrays.stream(map.columns())
            .filter(c -> c.equals(PlateMap.PLATE) || c.equals(PlateMap.WELL))
            .toList();
    return Arrays.asList(table.columns()).containsAll(keys)
        ? table
            .join(
                functions.broadcast(map),
                scala.jdk.javaapi.CollectionConverters.asScala(keys).toSeq(),
                "left")
            .select(columns(table, map, keys))
        : table;
  }

  private static Column[] columns(Dataset<Row> table, Dataset<Row> map, List<String> keys) {
    List<Column> columns = new ArrayList<>();
    for (String column : table.columns()) {
      columns.add(functions.col(quoted(column)));
    }
    for (String column : map.columns()) {
      if (!keys.contains(column)) {
        columns.add(functions.col(quoted(column)));
      }
    }
    return columns.toArray(Column[]::new);
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
