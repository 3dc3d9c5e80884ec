package org.cytolake.facts;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers for a page: short, and null where there is none. */
public final class Numbers {
  private static final MathContext DIGITS = new MathContext(5, RoundingMode.HALF_EVEN);
  private static final double SIX_DIGITS = 1e5;
  private static final double NEAR = 1e-6;

  /** Powers of ten that a double holds exactly. */
  private static final double[] TEN = new double[23];

  static {
    TEN[0] = 1;
    for (int i = 1; i < TEN.length; i++) {
      TEN[i] = 10 * TEN[i - 1];
    }
  }

  private Numbers() {}

  /** Five digits; a whole number where it is one, null for what is not finite. */
  public static Number shortened(double value) {
    if (!Double.isFinite(value)) {
      return null;
    }
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      return (long) value;
    }
    double rounded = rounded(value);
    return rounded == Math.rint(rounded) && Math.abs(rounded) < 1L << 53
        ? (Number) (long) rounded
        : (Number) rounded;
  }

  /** The double nearest to the number's first five digits. */
  private static double rounded(double value) {
    double size = Math.abs(value);
    if (size > 1e-12 && size < SIX_DIGITS) {
      // the number of decimals that leaves five digits before the point
      int decimals = 4 - (int) Math.floor(Math.log10(size));
      double digits = size * TEN[decimals];
      double whole = Math.rint(digits);
      // not where errors of the product decide: near a half, or near a power of ten
      if (digits > SIX_DIGITS / 10 && whole < SIX_DIGITS && Math.abs(digits - whole) < 0.5 - NEAR) {
        return Math.copySign(whole / TEN[decimals], value); // two exact numbers
      }
    }
    return new BigDecimal(value).round(DIGITS).doubleValue();
  }
}
