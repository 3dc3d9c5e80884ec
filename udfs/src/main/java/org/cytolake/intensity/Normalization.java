package org.cytolake.intensity;

import java.util.NoSuchElementException;
import org.cytolake.histogram.Histogram;

/**
 * Intensities on a common scale: stretched over what lies round the mean of a reference channel.
 */
public final class Normalization {
  private static final double TOP = 255;

  private Normalization() {}

  /**
   * Stretches a composite over {@code mean ± offset · stddev} of a reference channel to 0 to 255.
   *
   * <p>Every sample is clipped to that range and the clipped samples are stretched so that their
   * minimum and maximum over all three slots, absent ones included, become 0 and 255, rounded half
   * to even; where all are equal they become 0. This is
   *
   * <pre>
   * mean, stddev = cv2.meanStdDev(reference)
   * clipped = numpy.clip(composite, mean - offset * stddev, mean + offset * stddev)
   * cv2.normalize(clipped.astype(uint8), None, 0, 255, norm_type=cv2.NORM_MINMAX)
   * </pre>
   *
   * to the last bit for samples of 8 bits, with OpenCV's 32-bit fused multiply-add. Samples of more
   * bits are stretched without the truncation to {@code uint8}, which would leave nothing of them:
   * {@code numpy.rint(cv2.normalize(clipped, None, 0, 255, norm_type=cv2.NORM_MINMAX))}.
   *
   * @param reference distribution of the reference channel
   * @param offset number of standard deviations, 0 or more
   * @param bits bits per sample: up to 8 for unsigned bytes, which are truncated
   * @return a table from the raw values of all slots to the integers 0 to 255
   * @throws IllegalArgumentException if the offset is negative or not finite, {@code bits} is below
   *     1, or a sample of up to 8 bits is no integer from 0 to 255
   * @throws NoSuchElementException if there are no pixels
   */
  public static LookupTable toReference(
      Composite composite, Histogram reference, double offset, int bits) {
    if (!(offset >= 0) || Double.isInfinite(offset)) {
      throw new IllegalArgumentException(
          "the offset is a number of standard deviations, 0 or more, not " + offset);
    }
    if (bits < 1) {
      throw new IllegalArgumentException("a sample has at least 1 bit, not " + bits);
    }
    if (reference.isEmpty()) {
      throw new NoSuchElementException("no pixels cannot be normalised");
    }
    double mean = openCvMean(reference);
    double reach = offset * openCvStddev(reference, mean);
    Histogram samples = composite.flattened();
    double[] values = new double[samples.size()];
    double[] clipped = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = samples.value(i);
      clipped[i] = Math.min(Math.max(values[i], mean - reach), mean + reach);
      if (bits <= 8) {
        requireByte(values[i]);
        clipped[i] = (int) clipped[i];
      }
    }
    return LookupTable.of(values, bits <= 8 ? stretchBytes(clipped) : stretch(clipped));
  }

  private static void requireByte(double value) {
    if (!(value >= 0 && value <= TOP && value == Math.rint(value))) {
      throw new IllegalArgumentException(
          "a sample of up to 8 bits is an integer from 0 to 255, not " + value);
    }
  }

  /** {@code cv2.meanStdDev} multiplies the sum by the reciprocal of the number of pixels. */
  private static double openCvMean(Histogram histogram) {
    return histogram.sum() * (1.0 / histogram.count());
  }

  private static double openCvStddev(Histogram histogram, double mean) {
    double squares = 0;
    for (int i = 0; i < histogram.size(); i++) {
      squares += histogram.value(i) * histogram.value(i) * histogram.count(i);
    }
    return Math.sqrt(Math.max(squares * (1.0 / histogram.count()) - mean * mean, 0));
  }

  /** Ascending samples; OpenCV converts bytes in 32-bit floating point. */
  static double[] stretchBytes(double[] clipped) {
    double first = clipped[0];
    double scale = scale(first, clipped[clipped.length - 1]);
    float shift = (float) -(first * scale);
    double[] stretched = new double[clipped.length];
    for (int i = 0; i < clipped.length; i++) {
      double result = Math.rint(Math.fma((float) clipped[i], (float) scale, shift));
      stretched[i] = Math.min(Math.max(result, 0), TOP) + 0.0;
    }
    return stretched;
  }

  /** Ascending samples. */
  private static double[] stretch(double[] clipped) {
    double first = clipped[0];
    double scale = scale(first, clipped[clipped.length - 1]);
    double[] stretched = new double[clipped.length];
    for (int i = 0; i < clipped.length; i++) {
      double result = Math.rint(Math.fma(clipped[i], scale, -(first * scale)));
      stretched[i] = Math.min(Math.max(result, 0), TOP) + 0.0;
    }
    return stretched;
  }

  private static double scale(double first, double last) {
    return last - first > Math.ulp(1.0) ? TOP * (1 / (last - first)) : 0;
  }
}
