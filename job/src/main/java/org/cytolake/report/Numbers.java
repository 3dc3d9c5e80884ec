package org.cytolake.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers for a page: short, and null where there is none. */
final class Numbers {
  private static final MathContext DIGITS = new MathContext(5, RoundingMode.HALF_EVEN);

  private Numbers() {}

  /** Five digits; a whole number where it is one, null for what is not finite. */
  static Number shortened(double value) {
    if (!Double.isFinite(value)) {
      return null;
    }
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      return (long) value;
    }
    double rounded = new BigDecimal(value).round(DIGITS).doubleValue();
    return rounded == Math.rint(rounded) && Math.abs(rounded) < 1L << 53
        ? (Number) (long) rounded
        : (Number) rounded;
  }
}
