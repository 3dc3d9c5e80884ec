package org.cytolake.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.source.LocalSpark;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;

/** Rows of tables in Spark and in memory say the same of an image. */
final class ImageFactsTest {
  private static final List<String> CHANNELS = List.of("dna", "er", "actin");
  private static final ImageKey KEY = new ImageKey("a", 0, 1, 0);
  private static final StructType LABELS =
      new StructType()
          .add("image", DataTypes.StringType)
          .add("series", DataTypes.IntegerType)
          .add("z", DataTypes.IntegerType)
          .add("t", DataTypes.IntegerType)
          .add("values", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("pixels", DataTypes.LongType)
          .add("labels", DataTypes.createMapType(DataTypes.StringType, DataTypes.IntegerType));

  /** What the filters look for, and other texts, by column. */
  private static final Map<String, String[]> TEXTS =
      Map.of(
          "status", new String[] {"ok", "failed"},
          "region", new String[] {"image", "centre"},
          "transform", new String[] {"raw", "equalized", "normalized"},
          "reference", new String[] {"dna", "actin", "composite"},
          "x_channel", new String[] {"dna", "er"},
          "y_channel", new String[] {"er", "actin"},
          "scope", new String[] {"image", "dataset"});

  private final Random random = new Random(11);
  private final Layout layout =
      new Layout(
          List.of("well"),
          CHANNELS.stream().map(c -> new ChannelColumn(c, DataTypes.IntegerType)).toList());
  private final ReportSettings settings = settings();
  private final Map<Table, StructType> schemas = new EnumMap<>(Table.class);
  private final Map<Table, List<Row>> tables = new EnumMap<>(Table.class);

  private static ReportSettings settings() {
    CytolakeConfig config = ConfigLoader.load(Optional.empty(), Map.of(), List.of());
    return new ReportSettings(
        CHANNELS, config.exploration().resolved(CHANNELS), config.clustering(), 5);
  }

  private Object value(StructField field) {
    return switch (field.name()) {
      case "image" -> KEY.image();
      case "series" -> KEY.series();
      case "z" -> KEY.z();
      case "t" -> KEY.t();
      default -> {
        String[] texts = TEXTS.get(field.name());
        boolean isNull = random.nextInt(8) == 0;
        yield texts == null
            ? value(field.dataType())
            : isNull ? null : texts[random.nextInt(texts.length)];
      }
    };
  }

  private Object value(DataType type) {
    if (random.nextInt(8) == 0) {
      return null;
    }
    if (type instanceof ArrayType array) {
      Object[] elements = new Object[random.nextInt(4)];
      Arrays.setAll(
          elements,
          i -> {
            Object element = value(array.elementType());
            return element == null && array.elementType() instanceof StructType struct
                ? RowFactory.create(new Object[struct.size()])
                : element;
          });
      return scala.jdk.javaapi.CollectionConverters.asScala(Arrays.asList(elements)).toSeq();
    }
    if (type instanceof StructType struct) {
      return RowFactory.create(
          Arrays.stream(struct.fields()).map(f -> value(f.dataType())).toArray());
    }
    if (type instanceof MapType) {
      return null;
    }
    return switch (type.typeName()) {
      case "string" -> List.of("some", "text", "").get(random.nextInt(3));
      case "boolean" -> random.nextBoolean();
      case "integer" -> random.nextInt(9);
      case "long" -> (long) random.nextInt(1000);
      case "double" -> random.nextInt(5) == 0 ? Double.NaN : random.nextGaussian();
      default -> null; // timestamps
    };
  }

  private void fill(Table table, StructType schema, int rows) {
    List<Row> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      all.add(RowFactory.create(Arrays.stream(schema.fields()).map(this::value).toArray()));
    }
    schemas.put(table, schema);
    tables.put(table, all);
  }

  private ImageFacts inMemory() {
    ImageFacts facts = new ImageFacts(KEY, ReportParts.of(settings, layout.groups()));
    tables.forEach(
        (table, rows) -> {
          var converter = CatalystTypeConverters.createToCatalystConverter(schemas.get(table));
          rows.forEach(r -> facts.add(table, schemas.get(table), (InternalRow) converter.apply(r)));
        });
    return facts;
  }

  private ImageFacts bySql() {
    FactTable table =
        new FactTable(
            t -> LocalSpark.session().createDataFrame(tables.get(t), schemas.get(t)),
            settings,
            layout.groups());
    ImageFacts facts = new ImageFacts(KEY, ReportParts.of(settings, layout.groups()));
    table.rows(List.of(KEY.image())).collectAsList().forEach(facts::add);
    return facts;
  }

  private static List<String> told(ImageFacts facts, Table table) {
    return facts.all(table.folder()).stream()
        .map(
            f -> {
              Part part = f.rows().part();
              double[] numbers =
                  IntStream.range(0, part.numbers().size()).mapToDouble(f::number).toArray();
              return f.texts()
                  + Arrays.toString(numbers)
                  + (part.tail() == null ? "" : Arrays.toString(f.tail()));
            })
        .sorted()
        .toList();
  }

  private static List<String> labelled(ImageFacts facts, String method) {
    int[] labels = facts.labels(method);
    ValueLabels tuples = facts.labels();
    return labels == null
        ? List.of()
        : IntStream.range(0, tuples.size())
            .filter(i -> labels[i] != ValueLabels.UNKNOWN)
            .mapToObj(
                i ->
                    tuples.values(0)[i]
                        + " "
                        + tuples.values(1)[i]
                        + " "
                        + tuples.pixels()[i]
                        + " "
                        + labels[i])
            .sorted()
            .toList();
  }

  private void models(Object[]... methodKAndSelected) {
    StructType schema = Table.CLUSTER_MODELS.schema(layout);
    List<Row> rows = new ArrayList<>();
    for (Object[] model : methodKAndSelected) {
      Object[] values = Arrays.stream(schema.fields()).map(this::value).toArray();
      values[schema.fieldIndex("scope")] = "image";
      values[schema.fieldIndex("method")] = model[0];
      values[schema.fieldIndex("k")] = model[1];
      values[schema.fieldIndex("selected")] = model[2];
      values[schema.fieldIndex("tuples")] = model[3];
      rows.add(RowFactory.create(values));
    }
    schemas.put(Table.CLUSTER_MODELS, schema);
    tables.put(Table.CLUSTER_MODELS, rows);
  }

  @Test
  void rowsInMemoryAndInSparkSayTheSame() {
    for (Table table : ReportParts.of(settings, layout.groups()).keySet()) {
      fill(table, table.schema(layout), 1500);
    }
    fill(Table.CLUSTER_LABELS, LABELS, 0);
    ImageFacts memory = inMemory();
    ImageFacts spark = bySql();
    for (Table table : tables.keySet()) {
      assertThat(told(memory, table)).as(table.folder()).isEqualTo(told(spark, table));
      if (table != Table.CLUSTER_LABELS) {
        assertThat(told(memory, table)).as(table.folder()).isNotEmpty();
      }
    }
    assertThat(memory.all("images").size()).isBetween(100, 1400);
    assertThat(memory.all("colocalization").size()).isBetween(100, 1400);
  }

  @Test
  void labelsAreOfTheSelectedModels() {
    for (Table table : ReportParts.of(settings, layout.groups()).keySet()) {
      fill(table, table.schema(layout), 0);
    }
    models(
        new Object[] {"gaussian_mixture", 2, false, 300L},
        new Object[] {"gaussian_mixture", 3, true, 300L},
        new Object[] {"k_means", 2, true, 300L},
        new Object[] {"ward", 2, true, 1L + ValueLabels.MOST});
    List<Row> rows = new ArrayList<>();
    List<String> third = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Map<String, Integer> labels = new HashMap<>();
      labels.put("gaussian_mixture_2", 1 + i % 2);
      labels.put("ward_2", 1 + i % 2);
      labels.put("gaussian_mixture_3", i % 4);
      if (i % 5 > 0) {
        labels.put("k_means_2", 1 + i % 2);
      }
      List<Double> values = List.of((double) i, i / 2.0);
      rows.add(
          RowFactory.create(
              KEY.image(),
              0,
              1,
              0,
              scala.jdk.javaapi.CollectionConverters.asScala(values).toSeq(),
              7L,
              scala.jdk.javaapi.CollectionConverters.asScala(labels)));
      third.add((double) i + " " + i / 2.0 + " 7.0 " + i % 4);
    }
    schemas.put(Table.CLUSTER_LABELS, LABELS);
    tables.put(Table.CLUSTER_LABELS, rows);
    ImageFacts memory = inMemory();
    ImageFacts spark = bySql();
    assertThat(labelled(memory, "gaussian_mixture"))
        .isEqualTo(third.stream().sorted().toList())
        .isEqualTo(labelled(spark, "gaussian_mixture"));
    assertThat(labelled(memory, "k_means")).hasSize(240).isEqualTo(labelled(spark, "k_means"));
    assertThat(labelled(memory, "ward")).isEmpty();
    assertThat(labelled(spark, "ward")).isEmpty();
  }

  /** Rows of several tables' texts mixed up: each look-up table gets its own, in order. */
  @Test
  void lookupTablesAreFoundByTheirTexts() {
    ImageFacts facts = new ImageFacts(KEY, Map.of());
    Part part = Part.of("lookup_tables", "transform reference channel", "value result");
    for (int i = 0; i < 500; i++) {
      int value = i * 7 % 500;
      String[] texts = {"normalized", CHANNELS.get(i % 2), CHANNELS.get(i / 2 % 2)};
      facts.add(part, texts, new double[] {value, value * 0.5});
    }
    assertThat(facts.lookup("normalized", "dna", "actin").size()).isZero();
    for (int reference = 0; reference < 2; reference++) {
      var table = facts.lookup("normalized", CHANNELS.get(reference), "er");
      assertThat(table.size()).isEqualTo(125);
      for (int i = 0; i < table.size(); i++) {
        assertThat(table.result(i)).isEqualTo(table.value(i) * 0.5);
      }
    }
  }
}
