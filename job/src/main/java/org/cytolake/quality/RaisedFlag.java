package org.cytolake.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.cytolake.config.QualityOptions;
import org.cytolake.field.Warning;
import org.cytolake.tables.RowByName;

/**
 * A flag of a field in one channel.
 *
 * @param value of the flag's measure
 * @param bound from where on it is raised
 * @param usual what is usual on the plate; all NaN where the flag does not look at it
 */
record RaisedFlag(FieldQuality field, Flag flag, double value, double bound, Usual usual)
    implements Serializable {
  /** In the order of the table. */
  static final Comparator<RaisedFlag> ORDER =
      Comparator.comparing((RaisedFlag flag) -> flag.field.image())
          .thenComparing(flag -> flag.field.series())
          .thenComparing(flag -> flag.field.z())
          .thenComparing(flag -> flag.field.t())
          .thenComparing(flag -> flag.field.channel())
          .thenComparing(flag -> flag.flag.name());

  private static final double DEVIATION = 1.4826; // of a normal distribution, in units of its MAD

  /**
   * What is usual among fields, and how far from it one is.
   *
   * @param mad median absolute deviation from the median
   * @param score robust z-score of the one; NaN where too few are compared or half are equal
   */
  record Usual(double median, double mad, double score) implements Serializable {
    static final Usual NOTHING = new Usual(Double.NaN, Double.NaN, Double.NaN);
  }

  /** The flags of a plate's fields in one channel. */
  static List<RaisedFlag> of(List<FieldQuality> plate, QualityOptions options) {
    List<RaisedFlag> flags = new ArrayList<>();
    for (Flag flag : Flag.values()) {
      double bound = flag.bound(options);
      double[] values = // that are compared
          flag.ofPlate()
              ? plate.stream().mapToDouble(flag::value).filter(v -> !Double.isNaN(v)).toArray()
              : new double[0];
      double median = median(values);
      double mad = median(Arrays.stream(values).map(v -> Math.abs(v - median)).toArray());
      boolean comparable = values.length >= options.leastImages() && mad > 0;
      for (FieldQuality field : plate) {
        double value = flag.value(field);
        double score = comparable ? (value - median) / (mad * DEVIATION) : Double.NaN;
        if (flag.isRaised(value, score, bound, field.isBlank())) {
          Usual usual = flag.ofPlate() ? new Usual(median, mad, score) : Usual.NOTHING;
          flags.add(new RaisedFlag(field, flag, value, bound, usual));
        }
      }
    }
    return flags;
  }

  private static double median(double[] values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    Arrays.sort(values);
    int half = values.length / 2;
    return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }

  /** What was seen, in words. */
  String message() {
    return flag.message(field.channel(), value, usual.score, usual.median);
  }

  /** The same as a warning about the image. */
  Warning warning() {
    return new Warning(flag.name(), message(), flag.remedy());
  }

  /** Fills a row of the table {@code flags}. */
  void into(RowByName row) {
    row.key(field.image(), field.groups(), field.series(), field.z(), field.t())
        .put("channel", field.channel())
        .put("flag", flag.name())
        .put("measure", flag.measure())
        .put("value", value)
        .putUnlessNaN("plate_median", usual.median)
        .putUnlessNaN("plate_mad", usual.mad)
        .putUnlessNaN("z_score", usual.score)
        .put("bound", bound)
        .put("message", message())
        .put("remedy", flag.remedy());
  }
}
