package org.cytolake.facts;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.cytolake.intensity.LookupTable;
import org.cytolake.tables.Table;

/**
 * All rows of one image that its part of the report needs. Rows of its tables are added in any
 * order. Not thread-safe.
 */
public final class ImageFacts {
  public static final String WHOLE = org.cytolake.image.Region.WHOLE;

  private final ImageKey key;
  private final Map<Table, Part> parts;
  private final Map<Table, PartReader> readers = new EnumMap<>(Table.class);
  private final Map<String, Facts> facts = new HashMap<>();
  private final ValueLabels labels = new ValueLabels();
  private Map<List<String>, LookupTable> lookups; // null until one is asked for

  /**
   * @param parts what is taken of each table's rows
   */
  public ImageFacts(ImageKey key, Map<Table, Part> parts) {
    this.key = key;
    this.parts = parts;
  }

  public ImageKey key() {
    return key;
  }

  /**
   * Takes what the report shows of a row of a table.
   *
   * @param schema all columns of the table
   * @param row of this image, or of a model that it shares with others; not kept
   */
  public void add(Table table, StructType schema, InternalRow row) {
    Part part = parts.get(table);
    if (part == null) {
      return;
    }
    if (table == Table.CLUSTER_LABELS) {
      labels.add(schema, row);
      return;
    }
    PartReader reader = readers.get(table);
    if (reader == null || !reader.reads(schema)) {
      reader = new PartReader(part, schema);
      readers.put(table, reader);
    }
    reader.read(row, of(part));
  }

  /** Takes a row of (image, series, z, t, part, texts, numbers). */
  public void add(Row row) {
    Part part = parts.get(Table.valueOf(row.getString(4).toUpperCase(Locale.ROOT)));
    List<Double> numbers = row.getList(6);
    double[] values = new double[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      Double number = numbers.get(i);
      values[i] = number == null ? Double.NaN : number;
    }
    List<String> texts = row.getList(5);
    add(part, texts.toArray(String[]::new), values);
  }

  /**
   * Takes a row.
   *
   * @param numbers the part's and, behind them, its tail
   */
  public void add(Part part, String[] texts, double[] numbers) {
    double[] tail = Arrays.copyOfRange(numbers, part.numbers().size(), numbers.length);
    if (part.name().equals(Table.CLUSTER_LABELS.folder())) {
      String model = ValueLabels.model(texts[part.text("method")], (int) numbers[part.number("k")]);
      labels.add(
          tail, numbers[part.number("pixels")], model, (int) numbers[part.number("cluster")]);
    } else {
      of(part).add(texts, numbers, tail);
    }
  }

  private Facts of(Part part) {
    lookups = null;
    return facts.computeIfAbsent(part.name(), n -> new Facts(part));
  }

  /** Rows of a table, column by column; null where there are none. */
  public Facts rows(String table) {
    return facts.get(table);
  }

  /** Rows of a table. */
  public List<Fact> all(String table) {
    Facts rows = facts.get(table);
    return rows == null ? List.of() : rows.all();
  }

  public boolean isComplete() {
    return !all("images").isEmpty();
  }

  /** The row of {@code images}. */
  public Fact image() {
    return all("images").get(0);
  }

  /** Statistics of a channel of the whole image; null where no pixel is finite. */
  public Fact statistics(String channel) {
    return all("channel_stats").stream()
        .filter(f -> f.is("region", WHOLE) && f.is("channel", channel))
        .findFirst()
        .orElse(null);
  }

  /** What a transform makes of a channel's raw values; empty where it was not made. */
  public LookupTable lookup(String transform, String reference, String channel) {
    if (lookups == null) {
      lookups = new HashMap<>();
      Facts rows = facts.get("lookup_tables");
      if (rows != null) {
        rows.groups().forEach((of, at) -> lookups.put(of, table(rows, at)));
      }
    }
    LookupTable table = lookups.get(List.of(transform, reference, channel));
    return table == null ? LookupTable.of(new double[0], new double[0]) : table;
  }

  private static LookupTable table(Facts rows, int[] at) {
    double[] values = rows.numbers("value");
    double[] results = rows.numbers("result");
    int[] ascending = Facts.ascending(at, values);
    return LookupTable.of(
        IntStream.of(ascending).mapToDouble(i -> values[i]).toArray(),
        IntStream.of(ascending).mapToDouble(i -> results[i]).toArray());
  }

  /** Tuples of values with their labels. */
  public ValueLabels labels() {
    return labels;
  }

  /**
   * Labels by tuple of {@link #labels()} in a method's selected model; null where there are none,
   * or tuples are so many that none are shown.
   */
  public int[] labels(String method) {
    for (Fact model : all("cluster_models")) {
      if (isSelected(model, method) && model.number("tuples") <= ValueLabels.MOST) {
        return labels.of(ValueLabels.model(method, (int) model.number("k")));
      }
    }
    return null;
  }

  /** Clusters of the selected models. */
  public List<Fact> clusters() {
    List<Fact> models = all("cluster_models");
    return all("clusters").stream()
        .filter(
            c ->
                models.stream()
                    .anyMatch(
                        m -> isSelected(m, c.text("method")) && m.number("k") == c.number("k")))
        .toList();
  }

  private static boolean isSelected(Fact model, String method) {
    return model.is("method", method) && model.number("selected") == 1;
  }
}
