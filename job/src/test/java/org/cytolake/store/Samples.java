package org.cytolake.store;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.CytolakeConfig.Output;
import org.cytolake.config.LabelFormat;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.OutputLock;
import org.cytolake.source.LocalSpark;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.cytolake.tables.RowByName;
import org.cytolake.tables.Table;

/** A layout, rows with random values in every column, and how to compare them. */
public final class Samples {
  public static final Layout LAYOUT =
      new Layout(
          List.of("plate", "well"),
          List.of(
              new ChannelColumn("nuclei", DataTypes.IntegerType),
              new ChannelColumn("cytoplasm", DataTypes.FloatType),
              new ChannelColumn("er", DataTypes.LongType)));

  private Samples() {}

  /** The session of {@link LocalSpark}, with {@link FaultyFileSystem} under its scheme. */
  static SparkSession spark() {
    SparkSession session = LocalSpark.session();
    session
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.faulty.impl", FaultyFileSystem.class.getName());
    // so that Iceberg's tables can be read by their paths, without Hive
    String catalog = "spark.sql.catalog.default_iceberg";
    session.conf().set(catalog, "org.apache.iceberg.spark.SparkCatalog");
    session.conf().set(catalog + ".type", "hadoop");
    session.conf().set(catalog + ".warehouse", System.getProperty("java.io.tmpdir") + "/iceberg");
    session.conf().set(catalog + ".cache-enabled", "false");
    return session;
  }

  /** The tables of an output as Parquet, opened for writing. */
  static TableStore parquet(
      SparkSession spark,
      String output,
      Layout layout,
      OutputLock.Timing timing,
      long rowsPerFile) {
    OutputFolder folder = OutputFolder.of(output, spark.sparkContext().hadoopConfiguration());
    return ParquetTableStore.open(spark, folder, layout, timing, rowsPerFile);
  }

  static TableStore parquet(String output, Layout layout) {
    return parquet(spark(), output, layout, OutputLock.Timing.DEFAULT, 2_000_000);
  }

  /** The tables of an output in Iceberg, opened for writing. */
  static TableStore iceberg(String output, String catalog, Layout layout) {
    Output settings =
        new Output(output, List.of(), LabelFormat.OME_TIFF, false, Output.ICEBERG, catalog);
    return TableStores.open(spark(), settings, layout);
  }

  /** Rows of one image, or of no image where it is null. */
  public static List<Row> rows(Table table, String image, int n, Random random) {
    return rows(LAYOUT, table, image, n, random);
  }

  public static List<Row> rows(Layout layout, Table table, String image, int n, Random random) {
    StructType schema = table.schema(layout);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Object[] values = new Object[schema.length()];
      for (int f = 0; f < values.length; f++) {
        StructField field = schema.fields()[f];
        values[f] = f == 0 ? image : value(field.dataType(), random);
      }
      rows.add(RowFactory.create(values));
    }
    return rows;
  }

  private static Object value(DataType type, Random random) {
    if (random.nextInt(10) == 0) {
      return null;
    }
    if (type instanceof ArrayType array) {
      return IntStream.range(0, random.nextInt(4))
          .mapToObj(i -> value(array.elementType(), random))
          .toList();
    }
    if (type instanceof StructType struct) {
      Object[] values = new Object[struct.length()];
      for (int f = 0; f < values.length; f++) {
        values[f] = value(struct.fields()[f].dataType(), random);
      }
      return RowFactory.create(values);
    }
    if (type instanceof MapType map) {
      Map<Object, Object> values = new TreeMap<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        Object key = map.keyType().equals(DataTypes.StringType) ? "key " + i : i;
        values.put(key, value(map.valueType(), random));
      }
      return values;
    }
    return switch (type.sql()) {
      case "STRING" -> "text " + random.nextInt(1000) + (random.nextBoolean() ? " µm" : "");
      case "INT" -> random.nextInt();
      case "BIGINT" -> random.nextLong();
      case "FLOAT" -> random.nextFloat();
      case "DOUBLE" -> random.nextInt(20) == 0 ? Double.NaN : random.nextGaussian();
      case "BOOLEAN" -> random.nextBoolean();
      case "TIMESTAMP" -> new Timestamp(random.nextLong(2_000_000_000_000L));
      default -> throw new IllegalArgumentException(type.sql());
    };
  }

  static Dataset<Row> dataset(Table table, List<Row> rows) {
    return spark().createDataFrame(rows, table.schema(LAYOUT));
  }

  /** The rows as text, sorted: equal for equal multisets of rows. */
  public static List<String> text(List<Row> rows) {
    return rows.stream().map(row -> text((Object) row)).sorted().toList();
  }

  private static String text(Object value) {
    if (value instanceof Row row) {
      return IntStream.range(0, row.length())
          .mapToObj(i -> text(row.get(i)))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof scala.collection.Seq<?> seq) {
      return text(scala.jdk.javaapi.CollectionConverters.asJava(seq));
    }
    if (value instanceof scala.collection.Map<?, ?> map) {
      return text(scala.jdk.javaapi.CollectionConverters.asJava(map));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> e.getKey() + "=" + text(e.getValue()))
          .sorted()
          .collect(Collectors.joining(",", "<", ">"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Samples::text).collect(Collectors.joining(",", "[", "]"));
    }
    return String.valueOf(value);
  }

  public static List<String> text(Dataset<Row> rows) {
    return text(rows.collectAsList());
  }

  /** What somebody sees who reads a table's folder with Spark and nothing else. */
  static List<String> plain(String output, Table table) {
    return plain(output, "parquet", table);
  }

  static List<String> plain(String output, String format, Table table) {
    return text(spark().read().format(format).load(output + "/" + table.folder()));
  }

  /** The row of these values, each given by its name. */
  public static InternalRow filled(RowByName rows, StructType schema, Row values) {
    rows.key(
        values.getString(0),
        Arrays.asList(values.getString(1), values.getString(2)),
        (Integer) values.get(3),
        (Integer) values.get(4),
        (Integer) values.get(5));
    List<Integer> places = new ArrayList<>();
    for (int i = 6; i < schema.length(); i++) {
      places.add(i);
    }
    Collections.shuffle(places, new Random(3));
    for (int i : places) {
      StructField field = schema.fields()[i];
      Object value = values.get(i);
      if (value instanceof List<?> list
          && field.dataType() instanceof ArrayType array
          && array.elementType() instanceof StructType struct) {
        RowByName structs = rows.struct(field.name());
        List<InternalRow> elements = new ArrayList<>();
        for (Object element : list) {
          elements.add(element == null ? null : structOf(structs, struct, (Row) element));
        }
        rows.put(field.name(), elements);
      } else {
        rows.put(field.name(), value);
      }
    }
    return rows.row();
  }

  private static InternalRow structOf(RowByName structs, StructType type, Row values) {
    for (int i = type.length() - 1; i >= 0; i--) {
      structs.put(type.fieldNames()[i], values.get(i));
    }
    return structs.row();
  }
}
