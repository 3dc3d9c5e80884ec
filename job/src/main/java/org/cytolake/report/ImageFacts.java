package org.cytolake.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;
import org.cytolake.intensity.LookupTable;

/** All rows of one image that its part of the report needs. */
final class ImageFacts {
  static final String WHOLE = org.cytolake.image.Region.WHOLE;

  private final ImageKey key;
  private final Map<String, List<Fact>> facts = new HashMap<>();

  ImageFacts(ImageKey key) {
    this.key = key;
  }

  ImageKey key() {
    return key;
  }

  /** Takes a row of (image, series, z, t, part, texts, numbers). */
  void add(Row row, Map<String, Part> parts) {
    List<String> texts = row.getList(5);
    List<Double> numbers = row.getList(6);
    double[] values = new double[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      Double number = numbers.get(i);
      values[i] = number == null ? Double.NaN : number;
    }
    add(new Fact(parts.get(row.getString(4)), texts.toArray(String[]::new), values));
  }

  void add(Fact fact) {
    facts.computeIfAbsent(fact.part().name(), n -> new ArrayList<>()).add(fact);
  }

  List<Fact> all(String table) {
    return facts.getOrDefault(table, List.of());
  }

  List<Fact> where(String table, Predicate<Fact> condition) {
    return all(table).stream().filter(condition).toList();
  }

  /** The row of {@code images}. */
  Fact image() {
    return all("images").get(0);
  }

  /** Statistics of a channel of the whole image; null where no pixel is finite. */
  Fact statistics(String channel) {
    return all("channel_stats").stream()
        .filter(f -> f.is("region", WHOLE) && f.is("channel", channel))
        .findFirst()
        .orElse(null);
  }

  /** What a transform makes of a channel's raw values; empty where it was not made. */
  LookupTable lookup(String transform, String reference, String channel) {
    List<double[]> pairs = new ArrayList<>();
    for (Fact fact : all("lookup_tables")) {
      if (fact.is("transform", transform)
          && fact.is("reference", reference)
          && fact.is("channel", channel)) {
        pairs.add(fact.numbers());
      }
    }
    pairs.sort(java.util.Comparator.comparingDouble(p -> p[0]));
    double[] values = new double[pairs.size()];
    double[] results = new double[pairs.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = pairs.get(i)[0];
      results[i] = pairs.get(i)[1];
    }
    return LookupTable.of(values, results);
  }
}
