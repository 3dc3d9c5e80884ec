package org.cytolake.secondary;

import java.io.Serializable;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.SampleKind;

/**
 * From which intensity on a pixel can be part of a cell: CellProfiler's global threshold (Threshold
 * 4.2.8). A value is taken as it is; what is found by a rule is corrected and kept within bounds.
 *
 * @param rule how it is found
 * @param log whether it is found on logarithms of the intensities
 * @param correction by which it is multiplied, above 0
 * @param least it can be, in the channel's unit; likewise {@code most}
 */
public record CellThreshold(
    ThresholdRule rule, boolean log, double correction, double least, double most)
    implements Serializable {
  private static final float LEVELS = 256; // of an image whose noise log is kept from seeing

  /**
   * Checks.
   *
   * @throws IllegalArgumentException where a number is out of its range
   */
  public CellThreshold {
    if (!(correction > 0 && correction < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a correction is above 0, not " + correction);
    }
    if (!(least <= most)) {
      throw new IllegalArgumentException(
          "a threshold cannot lie between " + least + " and " + most);
    }
  }

  /**
   * The threshold, divided by the scale.
   *
   * @param intensities of a plane, as they are
   * @param scale by which intensities are divided, above 0
   * @return 0 without pixels
   */
  public double of(Histogram intensities, double scale) {
    if (rule instanceof ThresholdRule.Value value) {
      return value.intensity() / scale;
    }
    double found;
    if (intensities.isEmpty()) {
      found = 0;
    } else {
      Histogram scaled = scaled(intensities, scale);
      found =
          scaled.size() == 1
              ? scaled.min()
              : log ? onLogarithms(scaled) : rule.of(scaled, SampleKind.FLOAT);
    }
    return Math.min(Math.max(found * correction, least / scale), most / scale);
  }

  private static Histogram scaled(Histogram of, double scale) {
    double[] values = new double[of.size()];
    long[] counts = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = scaled(of.value(i), scale);
      counts[i] = of.count(i);
    }
    return Histogram.of(values, counts);
  }

  /** An intensity divided by the scale, in 32 bits. */
  public static float scaled(double intensity, double scale) {
    return (float) intensity / (float) scale;
  }

  /** {@code centrosome.threshold.log_transform}, the rule, and back. */
  private double onLogarithms(Histogram scaled) {
    float first = (float) scaled.min();
    float span = (float) scaled.max() - first;
    float floor = first + span / LEVELS + Math.ulp(1f);
    double[] values = new double[scaled.size()];
    long[] counts = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.log(Math.max((float) scaled.value(i), floor));
      counts[i] = scaled.count(i);
    }
    double low = values[0];
    double range = values[values.length - 1] - low;
    if (range == 0) {
      return Math.exp(low);
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (values[i] - low) / range;
    }
    double found = rule.of(Histogram.of(values, counts), SampleKind.DOUBLE);
    return Math.exp(found * range + low);
  }
}
