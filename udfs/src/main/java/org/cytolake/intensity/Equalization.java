package org.cytolake.intensity;

import java.util.Arrays;
import java.util.NoSuchElementException;
import org.cytolake.histogram.Bins;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.SampleKind;

/**
 * Histogram equalisation as {@code skimage.exposure.equalize_hist}: a value becomes the share of
 * samples that are not above it, 0 to 1.
 */
public final class Equalization {
  private static final int FLOAT_BINS = 256;

  private Equalization() {}

  /**
   * Of integer samples over all three slots of a composite together, as the reference does with a
   * colour image.
   *
   * @return a table for the values of all slots
   * @throws NoSuchElementException if there are no pixels
   */
  public static LookupTable composite(Composite composite) {
    return composite(composite, SampleKind.INTEGER);
  }

  /**
   * Over all three slots of a composite together.
   *
   * @return a table for the values of all slots
   * @throws NoSuchElementException if there are no pixels
   */
  public static LookupTable composite(Composite composite, SampleKind kind) {
    return channel(composite.flattened(), kind);
  }

  /**
   * Of one channel of integers.
   *
   * @throws NoSuchElementException if there are no pixels
   */
  public static LookupTable channel(Histogram histogram) {
    return channel(histogram, SampleKind.INTEGER);
  }

  /**
   * Of one channel. Integers have one bin each; floating-point samples have 256 bins, between whose
   * centres the cumulative histogram is interpolated, and a result of their own precision.
   *
   * @throws NoSuchElementException if there are no pixels
   */
  public static LookupTable channel(Histogram histogram, SampleKind kind) {
    if (histogram.isEmpty()) {
      throw new NoSuchElementException("no pixels cannot be equalised");
    }
    return kind == SampleKind.INTEGER ? ofIntegers(histogram) : ofFloats(histogram, kind);
  }

  private static LookupTable ofIntegers(Histogram histogram) {
    double[] values = new double[histogram.size()];
    double[] results = new double[values.length];
    double pixels = histogram.count();
    long seen = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = histogram.value(i);
      seen += histogram.count(i);
      results[i] = seen / pixels;
    }
    return LookupTable.of(values, results);
  }

  private static LookupTable ofFloats(Histogram histogram, SampleKind kind) {
    Bins bins = Bins.of(histogram, FLOAT_BINS, kind);
    double[] centres = new double[bins.size()];
    double[] cumulative = new double[bins.size()];
    double pixels = histogram.count();
    long seen = 0;
    for (int i = 0; i < centres.length; i++) {
      centres[i] = round(round(bins.lower(i) + bins.upper(i), kind) / 2, kind);
      seen += bins.count(i);
      cumulative[i] = round(seen / pixels, kind);
    }
    double[] values = new double[histogram.size()];
    double[] results = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = histogram.value(i);
      results[i] = round(interpolate(values[i], centres, cumulative), kind);
    }
    return LookupTable.of(values, results);
  }

  private static double round(double value, SampleKind kind) {
    return kind == SampleKind.FLOAT ? (float) value : value;
  }

  /** {@code numpy.interp(x, xs, ys)}. */
  private static double interpolate(double x, double[] xs, double[] ys) {
    int at = Arrays.binarySearch(xs, x);
    if (at >= 0) {
      return ys[at];
    }
    int after = -at - 1;
    if (after == 0) {
      return ys[0];
    }
    if (after == xs.length) {
      return ys[xs.length - 1];
    }
    int j = after - 1;
    double slope = (ys[after] - ys[j]) / (xs[after] - xs[j]);
    return slope * (x - xs[j]) + ys[j];
  }
}
