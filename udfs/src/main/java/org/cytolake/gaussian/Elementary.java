package org.cytolake.gaussian;

/**
 * Exponential and logarithm of plain IEEE operations: the same bits on every machine, which {@link
 * Math} does not promise, and faster than {@link StrictMath}. Both are within 3 ulp.
 */
public final class Elementary {
  private static final double LN2_HIGH = 0x1.62e42feep-1;
  private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
  private static final double LOG2_E = 0x1.71547652b82fep0;
  private static final double ROUND = 0x1.8p52;
  private static final double SMALLEST = -708;
  private static final double LOWEST = -50;
  private static final double LEAST = power256(LOWEST * (1.0 / 256));

  private Elementary() {}

  /** e to the power of x, by its Taylor series around the nearest multiple of ln 2. */
  public static double exp(double x) {
    return x < SMALLEST ? 0 : series(x) * power(x);
  }

  /**
   * e to the power of what values lie below the largest, in their place, and added to totals; 0
   * from 50 below on, and within 2e-14 of the power. Of operations alone that the compiler makes
   * vectors of: by the Taylor series of a 256th, squared eight times.
   *
   * @param tops for every value one that is not smaller
   */
  public static void exp(double[] values, double[] tops, double[] totals) {
    for (int i = 0; i < values.length; i++) {
      double power = power256(Math.max(values[i] - tops[i], LOWEST) * (1.0 / 256));
      double share = Math.max(power - LEAST, 0);
      values[i] = share;
      totals[i] += share;
    }
  }

  private static double power256(double x) {
    double p =
        1
            + x
                * (1
                    + x
                        * (1.0 / 2
                            + x
                                * (1.0 / 6
                                    + x
                                        * (1.0 / 24
                                            + x
                                                * (1.0 / 120
                                                    + x * (1.0 / 720 + x * (1.0 / 5040)))))));
    double p2 = p * p;
    double p4 = p2 * p2;
    double p8 = p4 * p4;
    double p16 = p8 * p8;
    double p32 = p16 * p16;
    double p64 = p32 * p32;
    double p128 = p64 * p64;
    return p128 * p128;
  }

  private static double multiple(double x) {
    return x * LOG2_E + ROUND - ROUND;
  }

  private static double power(double x) {
    return Double.longBitsToDouble(((long) multiple(x) + 1023) << 52);
  }

  private static double series(double x) {
    double n = multiple(x);
    double r = x - n * LN2_HIGH - n * LN2_LOW;
    double s = r * r;
    double even =
        1.0 / 2
            + s
                * (1.0 / 24
                    + s
                        * (1.0 / 720
                            + s * (1.0 / 40320 + s * (1.0 / 3628800 + s * (1.0 / 479001600)))));
    double odd =
        1.0 / 6
            + s
                * (1.0 / 120
                    + s
                        * (1.0 / 5040
                            + s
                                * (1.0 / 362880
                                    + s * (1.0 / 39916800 + s * (1.0 / 6227020800.0)))));
    return 1 + (r + s * (even + r * odd));
  }

  /** The natural logarithm of a positive normal number, by the series of the area tangent. */
  public static double log(double x) {
    double m = mantissa(x);
    return log(m, exponent(x, m));
  }

  /**
   * {@link #log(double)} of the first n values, in their place.
   *
   * @param scratch n values or more that may be overwritten
   */
  public static void log(double[] values, int n, double[] scratch) {
    for (int i = 0; i < n; i++) {
      double x = values[i];
      values[i] = mantissa(x);
      scratch[i] = exponent(x, values[i]);
    }
    for (int i = 0; i < n; i++) { // apart, so that the compiler makes vectors of it
      values[i] = log(values[i], scratch[i]);
    }
  }

  /** x over a power of two, from the root of a half on to that of two. */
  private static double mantissa(double x) {
    long bits = Double.doubleToRawLongBits(x) & 0xFFFFFFFFFFFFFL;
    double m = Double.longBitsToDouble(bits | 0x3FF0000000000000L);
    return m > 1.4142135623730951 ? 0.5 * m : m;
  }

  /** The exponent of that power. */
  private static double exponent(double x, double mantissa) {
    long exponent = (Double.doubleToRawLongBits(x) >>> 52) - 1023;
    return mantissa < 1 ? exponent + 1 : exponent;
  }

  private static double log(double m, double exponent) {
    double f = m - 1;
    double s = f / (m + 1);
    double t = s * s;
    double tail =
        t
            * (1.0 / 3
                + t
                    * (1.0 / 5
                        + t
                            * (1.0 / 7
                                + t
                                    * (1.0 / 9
                                        + t
                                            * (1.0 / 11
                                                + t
                                                    * (1.0 / 13
                                                        + t
                                                            * (1.0 / 15
                                                                + t
                                                                    * (1.0 / 17
                                                                        + t
                                                                            * (1.0 / 19
                                                                                + t
                                                                                    * (1.0
                                                                                        / 21))))))))));
    return exponent * LN2_HIGH + (2 * s + (2 * s * tail + exponent * LN2_LOW));
  }
}
