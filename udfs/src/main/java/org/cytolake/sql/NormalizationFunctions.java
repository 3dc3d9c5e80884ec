package org.cytolake.sql;

/** Intensities on a common scale, as generated code calls them. */
public final class NormalizationFunctions {
  private static final double TOP = 255;

  private NormalizationFunctions() {}

  /**
   * One value of what {@link org.cytolake.intensity.Normalization#toReference} makes a table of:
   * clipped to {@code mean ± offset · stddev} of the reference channel, and stretched so that the
   * clipped minimum and maximum over all channels become 0 and 255. Clipping keeps order, so the
   * minimum and maximum before it are enough.
   *
   * @param mean of the reference channel
   * @param stddev population standard deviation of the reference channel
   * @param low the smallest value of all channels of the composite, absent ones (0) included
   * @param high the largest one
   * @param offset number of standard deviations, 0 or more
   * @param bits bits per sample: up to 8 for unsigned bytes, which are truncated
   * @return 0 to 255
   * @throws IllegalArgumentException if the value is not from low to high, another argument is out
   *     of range, or a sample of up to 8 bits is no integer from 0 to 255
   */
  public static int normalize(
      double value, double mean, double stddev, double low, double high, double offset, int bits) {
    require(
        value >= low && value <= high, "value", value, "from low to high, " + low + " to " + high);
    require(stddev >= 0, "stddev", stddev, "0 or more");
    require(offset >= 0 && !Double.isInfinite(offset), "offset", offset, "0 or more");
    require(bits >= 1, "bits", bits, "1 or more");
    boolean bytes = bits <= 8;
    if (bytes) {
      requireByte("value", value);
      requireByte("low", low);
      requireByte("high", high);
    }
    double reach = offset * stddev;
    double clipped = clip(value, mean, reach, bytes);
    double first = clip(low, mean, reach, bytes);
    double last = clip(high, mean, reach, bytes);
    double scale = last - first > Math.ulp(1.0) ? TOP * (1 / (last - first)) : 0;
    // OpenCV converts bytes in 32-bit floating point
    double stretched =
        bytes
            ? Math.fma((float) clipped, (float) scale, (float) -(first * scale))
            : Math.fma(clipped, scale, -(first * scale));
    return (int) Math.min(Math.max(Math.rint(stretched), 0), TOP);
  }

  private static double clip(double value, double mean, double reach, boolean bytes) {
    double clipped = Math.min(Math.max(value, mean - reach), mean + reach);
    return bytes ? (int) clipped : clipped;
  }

  private static void requireByte(String argument, double value) {
    require(
        value >= 0 && value <= TOP && value == Math.rint(value),
        argument,
        value,
        "an integer from 0 to 255 where bits is 8 or less; give the bits per sample as the last"
            + " argument");
  }

  private static void require(boolean holds, String argument, double value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "normalize: the argument " + argument + " must be " + expected + ", not " + value);
    }
  }
}
