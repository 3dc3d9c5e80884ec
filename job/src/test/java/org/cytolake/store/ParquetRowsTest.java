package org.cytolake.store;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;

/** Files of our column writers hold what Spark and Parquet read in files of their own. */
class ParquetRowsTest {
  private static final String VECTORS = "spark.sql.parquet.enableVectorizedReader";
  private static final StructType SCHEMA =
      new StructType()
          .add("image", "string")
          .add("plate", "string")
          .add("series", "int")
          .add("n", "int")
          .add("count", "long")
          .add("ratio", "float")
          .add("value", "double")
          .add("channel", "string")
          .add("ok", "boolean")
          .add("at", "timestamp")
          .add("list", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("map", DataTypes.createMapType(DataTypes.StringType, DataTypes.IntegerType))
          .add(
              "vertex",
              DataTypes.createArrayType(new StructType().add("y", "double").add("x", "double")));
  private static final int KEYS = 3;

  private final SparkSession spark = Samples.spark();
  private final Random random = new Random(8);

  @TempDir Path folder;

  @AfterEach
  void asItWas() {
    spark.conf().unset(VECTORS);
  }

  /** Rows whose key stays for runs of very different lengths; any value may be NULL. */
  private List<Row> rows(int n, int longestRun) {
    List<Row> rows = new ArrayList<>();
    while (rows.size() < n) {
      Object image = orNull("image" + random.nextInt(40));
      Object plate = random.nextInt(3) == 0 ? null : "µ" + random.nextInt(2);
      Object series = orNull(random.nextInt(3));
      for (int i = random.nextInt(longestRun); i >= 0 && rows.size() < n; i--) {
        rows.add(
            RowFactory.create(
                image,
                plate,
                series,
                orNull(random.nextInt()),
                orNull(random.nextLong()),
                orNull(random.nextFloat()),
                orNull(random.nextInt(4) == 0 ? Double.NaN : random.nextGaussian()),
                orNull("channel" + (random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(2))),
                orNull(random.nextBoolean()),
                orNull(new java.sql.Timestamp(1_700_000_000_000L + random.nextInt())),
                orNull(scala(random.nextInt(4))),
                orNull(map(random.nextInt(3))),
                orNull(vertices(random.nextInt(4)))));
      }
    }
    return rows;
  }

  private Object orNull(Object value) {
    return random.nextInt(10) == 0 ? null : value;
  }

  private Object scala(int n) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      values.add(orNull(random.nextDouble()));
    }
    return CollectionConverters.asScala(values).toSeq();
  }

  private Object map(int n) {
    Map<Object, Object> values = new HashMap<>();
    for (int i = 0; i < n; i++) {
      values.put("k" + i, orNull(random.nextInt(9)));
    }
    return scala.collection.immutable.Map.from(CollectionConverters.asScala(values));
  }

  private Object vertices(int n) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      values.add(orNull(RowFactory.create(random.nextDouble(), orNull(random.nextDouble()))));
    }
    return CollectionConverters.asScala(values).toSeq();
  }

  private Path written(String name, List<Row> rows, long rowGroupBytes) throws IOException {
    Path file = folder.resolve(name);
    Job job = Job.getInstance(spark.sessionState().newHadoopConf());
    new ParquetFileFormat().prepareWrite(spark, job, Map$.MODULE$.empty(), SCHEMA);
    Configuration settings = job.getConfiguration();
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toString());
    try (ParquetRows out =
        new ParquetRows(
            HadoopOutputFile.fromPath(path, settings), SCHEMA, KEYS, rowGroupBytes, settings)) {
      var converter = CatalystTypeConverters.createToCatalystConverter(SCHEMA);
      for (Row row : rows) {
        out.write((InternalRow) converter.apply(row));
      }
      out.finish();
    }
    return file;
  }

  private static List<BlockMetaData> rowGroups(Path file) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(file.toString()), new Configuration()))) {
      return reader.getRowGroups();
    }
  }

  private void assertReadAs(List<Row> rows, Path file) {
    Dataset<Row> expected = spark.createDataFrame(rows, SCHEMA);
    for (boolean vectors : new boolean[] {true, false}) {
      spark.conf().set(VECTORS, vectors);
      Dataset<Row> read = spark.read().parquet(file.toString());
      assertThat(read.schema()).isEqualTo(SCHEMA);
      assertThat(read.collectAsList()).isEqualTo(expected.collectAsList());
      for (Row key : spark.createDataFrame(rows, SCHEMA).select("image").distinct().takeAsList(1)) {
        assertThat(read.where(col("image").eqNullSafe(key.get(0))).collectAsList())
            .isEqualTo(expected.where(col("image").eqNullSafe(key.get(0))).collectAsList());
      }
      assertThat(read.where("series = 1 AND plate IS NULL").collectAsList())
          .isEqualTo(expected.where("series = 1 AND plate IS NULL").collectAsList());
    }
  }

  @Test
  void rowsAreReadAsTheyWere() throws IOException {
    for (int[] shape : new int[][] {{0, 1}, {1, 1}, {3_000, 1}, {3_000, 700}}) {
      List<Row> rows = rows(shape[0], shape[1]);
      assertReadAs(rows, written("of-" + shape[0] + "-" + shape[1], rows, 32L << 20));
    }
  }

  @Test
  void keysGoOnOverPagesAndRowGroups() throws IOException {
    List<Row> rows = rows(42_000, 30_000);
    Path one = written("one", rows, 1L << 40);
    Path many = written("many", rows, 1L << 20);

    assertThat(rowGroups(one)).hasSize(1);
    assertThat(rowGroups(many)).hasSizeBetween(3, 40);
    assertReadAs(rows, one);
    assertReadAs(rows, many);
  }

  @Test
  void keysOfNothingButNulls() throws IOException {
    List<Row> rows =
        rows(25_000, 10).stream()
            .map(
                row -> {
                  Object[] values = new Object[row.size()];
                  for (int i = KEYS; i < values.length; i++) {
                    values[i] = row.get(i);
                  }
                  return RowFactory.create(values);
                })
            .toList();
    assertReadAs(rows, written("nulls", rows, 32L << 20));
  }

  @Test
  void readersCanTrustTheStatistics() throws IOException {
    List<Row> rows = rows(5_000, 100);
    List<ColumnChunkMetaData> columns =
        rowGroups(written("statistics", rows, 32L << 20)).get(0).getColumns();
    for (int c = 0; c < KEYS; c++) {
      int place = c;
      List<Comparable<Object>> values = new ArrayList<>();
      rows.stream()
          .map(row -> row.get(place))
          .filter(v -> v != null)
          .forEach(v -> values.add(comparable(v)));
      Statistics<?> found = columns.get(c).getStatistics();
      assertThat(found.getNumNulls()).isEqualTo(rows.size() - values.size());
      assertThat(text(found.genericGetMin()))
          .isEqualTo(values.stream().sorted().toList().get(0).toString());
      assertThat(text(found.genericGetMax()))
          .isEqualTo(values.stream().sorted().toList().get(values.size() - 1).toString());
      assertThat(columns.get(c).getValueCount()).isEqualTo(rows.size());
    }
  }

  @SuppressWarnings("unchecked")
  private static Comparable<Object> comparable(Object value) {
    return (Comparable<Object>) value;
  }

  private static String text(Object value) {
    return value instanceof org.apache.parquet.io.api.Binary binary
        ? binary.toStringUsingUTF8()
        : value.toString();
  }
}
