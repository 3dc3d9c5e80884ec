package org.cytolake.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;

/**
 * What the table {@code image_quality} says of a field in one channel, as far as flags look at it.
 *
 * @param groups values of the pattern's groups, in order; some may be null
 * @param measures by {@link #MEASURES}; NaN where the table has NULL
 */
record FieldQuality(
    String image, List<String> groups, int series, int z, int t, String channel, double[] measures)
    implements Serializable {
  /** Columns of the table. */
  static final List<String> MEASURES = measuresOfFlags();

  private static final int STDDEV = MEASURES.indexOf("stddev");
  private static final int MAX = MEASURES.indexOf("max");
  private static final int SATURATED = MEASURES.indexOf("saturated_fraction");

  private static List<String> measuresOfFlags() {
    Set<String> names = new LinkedHashSet<>(List.of("stddev", "max", "saturated_fraction"));
    Arrays.stream(Flag.values()).map(Flag::measure).forEach(names::add);
    return List.copyOf(names);
  }

  /** The field of a row with the key, {@code channel} and the measures. */
  static FieldQuality of(Row row, List<String> groupNames) {
    List<String> groups = new ArrayList<>();
    groupNames.forEach(name -> groups.add(row.getAs(name)));
    double[] measures = new double[MEASURES.size()];
    for (int i = 0; i < measures.length; i++) {
      Number value = row.getAs(MEASURES.get(i));
      measures[i] = value == null ? Double.NaN : value.doubleValue();
    }
    return new FieldQuality(
        row.getAs("image"),
        groups,
        row.getAs("series"),
        row.getAs("z"),
        row.getAs("t"),
        row.getAs("channel"),
        measures);
  }

  double measure(Flag flag) {
    return measures[MEASURES.indexOf(flag.measure())];
  }

  double max() {
    return measures[MAX];
  }

  double saturated() {
    return measures[SATURATED];
  }

  boolean isBlank() {
    return measures[STDDEV] == 0;
  }
}
