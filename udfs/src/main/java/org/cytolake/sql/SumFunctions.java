package org.cytolake.sql;

import java.math.BigDecimal;
import org.apache.spark.sql.types.Decimal;

/**
 * Coefficients from sums, as generated code calls them, so that Spark's own aggregates over pixels
 * or over counted tuples do the rest. The differences of products that cancel are exact: what
 * rounding there is lies in the sums, and sums of integers have none. NULL where a coefficient is
 * not defined.
 *
 * <p>n is the number of pixels, sx the sum of x, sxy the sum of x · y, and so on.
 */
public final class SumFunctions {
  private SumFunctions() {}

  /** Pearson's coefficient, -1 to 1. */
  public static Double pearsonFromSums(long n, long sx, long sy, long sxx, long syy, long sxy) {
    return pearson(exact(n), exact(sx), exact(sy), exact(sxx), exact(syy), exact(sxy));
  }

  /** Pearson's coefficient, -1 to 1. */
  public static Double pearsonFromSums(
      Decimal n, Decimal sx, Decimal sy, Decimal sxx, Decimal syy, Decimal sxy) {
    return pearson(exact(n), exact(sx), exact(sy), exact(sxx), exact(syy), exact(sxy));
  }

  /** Pearson's coefficient, -1 to 1. */
  public static Double pearsonFromSums(
      double n, double sx, double sy, double sxx, double syy, double sxy) {
    return areFinite(n, sx, sy, sxx, syy, sxy)
        ? pearson(exact(n), exact(sx), exact(sy), exact(sxx), exact(syy), exact(sxy))
        : null;
  }

  /** The slope of the least-squares line of y on x. */
  public static Double slopeFromSums(long n, long sx, long sy, long sxx, long sxy) {
    return slope(exact(n), exact(sx), exact(sy), exact(sxx), exact(sxy));
  }

  /** The slope of the least-squares line of y on x. */
  public static Double slopeFromSums(Decimal n, Decimal sx, Decimal sy, Decimal sxx, Decimal sxy) {
    return slope(exact(n), exact(sx), exact(sy), exact(sxx), exact(sxy));
  }

  /** The slope of the least-squares line of y on x. */
  public static Double slopeFromSums(double n, double sx, double sy, double sxx, double sxy) {
    return areFinite(n, sx, sy, sxx, sxy)
        ? slope(exact(n), exact(sx), exact(sy), exact(sxx), exact(sxy))
        : null;
  }

  /** Manders' overlap coefficient, {@code sxy / sqrt(sxx · syy)}. */
  public static Double overlapFromSums(long sxx, long syy, long sxy) {
    return overlap(exact(sxx), exact(syy), exact(sxy));
  }

  /** Manders' overlap coefficient, {@code sxy / sqrt(sxx · syy)}. */
  public static Double overlapFromSums(Decimal sxx, Decimal syy, Decimal sxy) {
    return overlap(exact(sxx), exact(syy), exact(sxy));
  }

  /** Manders' overlap coefficient, {@code sxy / sqrt(sxx · syy)}. */
  public static Double overlapFromSums(double sxx, double syy, double sxy) {
    return areFinite(sxx, syy, sxy) ? overlap(exact(sxx), exact(syy), exact(sxy)) : null;
  }

  /** The population standard deviation. */
  public static Double stddevFromSums(long n, long sx, long sxx) {
    return stddev(exact(n), exact(sx), exact(sxx));
  }

  /** The population standard deviation. */
  public static Double stddevFromSums(Decimal n, Decimal sx, Decimal sxx) {
    return stddev(exact(n), exact(sx), exact(sxx));
  }

  /** The population standard deviation. */
  public static Double stddevFromSums(double n, double sx, double sxx) {
    return areFinite(n, sx, sxx) ? stddev(exact(n), exact(sx), exact(sxx)) : null;
  }

  private static Double pearson(
      BigDecimal n, BigDecimal sx, BigDecimal sy, BigDecimal sxx, BigDecimal syy, BigDecimal sxy) {
    BigDecimal xx = deviations(n, sx, sx, sxx);
    BigDecimal yy = deviations(n, sy, sy, syy);
    if (xx.signum() <= 0 || yy.signum() <= 0) {
      return null;
    }
    double r = deviations(n, sx, sy, sxy).doubleValue() / rootOfProduct(xx, yy);
    return Math.min(Math.max(r, -1), 1);
  }

  private static Double slope(
      BigDecimal n, BigDecimal sx, BigDecimal sy, BigDecimal sxx, BigDecimal sxy) {
    BigDecimal xx = deviations(n, sx, sx, sxx);
    return xx.signum() <= 0
        ? null
        : (Double) (deviations(n, sx, sy, sxy).doubleValue() / xx.doubleValue());
  }

  private static Double overlap(BigDecimal sxx, BigDecimal syy, BigDecimal sxy) {
    return sxx.signum() <= 0 || syy.signum() <= 0
        ? null
        : (Double) (sxy.doubleValue() / rootOfProduct(sxx, syy));
  }

  /** Rounds once where the product is within the range of floating point. */
  private static double rootOfProduct(BigDecimal a, BigDecimal b) {
    double product = a.multiply(b).doubleValue();
    return product >= Double.MIN_NORMAL && product <= Double.MAX_VALUE
        ? Math.sqrt(product)
        : Math.sqrt(a.doubleValue()) * Math.sqrt(b.doubleValue());
  }

  private static Double stddev(BigDecimal n, BigDecimal sx, BigDecimal sxx) {
    if (n.signum() <= 0) {
      return null;
    }
    // sums in floating point may leave a little less than nothing
    double xx = Math.max(deviations(n, sx, sx, sxx).doubleValue(), 0);
    return Math.sqrt(xx) / n.doubleValue();
  }

  /** n times the sum of products of deviations. */
  private static BigDecimal deviations(BigDecimal n, BigDecimal sx, BigDecimal sy, BigDecimal sxy) {
    return n.multiply(sxy).subtract(sx.multiply(sy));
  }

  private static BigDecimal exact(long sum) {
    return BigDecimal.valueOf(sum);
  }

  private static BigDecimal exact(Decimal sum) {
    return sum.toJavaBigDecimal();
  }

  private static BigDecimal exact(double sum) {
    return new BigDecimal(sum);
  }

  private static boolean areFinite(double... sums) {
    for (double sum : sums) {
      if (!Double.isFinite(sum)) {
        return false;
      }
    }
    return true;
  }
}
