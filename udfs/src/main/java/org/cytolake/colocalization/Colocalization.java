package org.cytolake.colocalization;

import java.io.Serializable;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.Otsu;
import org.cytolake.histogram.Pairs;
import org.cytolake.histogram.SampleKind;

/**
 * How strongly the intensities of two channels go together. Coefficients that need a channel to
 * vary are NaN where it is constant, all are NaN without pixels.
 *
 * @param pixels number of pixels
 * @param pearson Pearson's coefficient, -1 to 1; NaN where a channel is constant
 * @param spearman Spearman's rank coefficient with mean ranks for ties, as {@code
 *     scipy.stats.spearmanr}, -1 to 1; NaN where a channel is constant
 * @param slope of the least-squares line of y on x, as {@code scipy.stats.linregress}; NaN where x
 *     is constant
 * @param overlap {@code sum(xy) / sqrt(sum(xx) · sum(yy))}, as {@code
 *     skimage.measure.manders_overlap_coeff}; NaN where a channel is zero throughout
 * @param k1 {@code sum(xy) / sum(xx)}; NaN where x is zero throughout
 * @param k2 {@code sum(xy) / sum(yy)}; NaN where y is zero throughout
 * @param liIcq Li's intensity correlation quotient (Q. Li et al. 2004): the share of pixels whose
 *     two deviations from the mean have the same sign, less 0.5; -0.5 to 0.5, NaN where a channel
 *     is constant
 * @param manders over all intensity with both thresholds 0
 * @param mandersOtsu over all intensity with Otsu's thresholds
 * @param mandersCostes over all intensity with Costes' thresholds
 * @param mandersCostesStained as CellProfiler reports it: over the intensity above a channel's own
 *     threshold, with Costes' thresholds
 */
public record Colocalization(
    long pixels,
    double pearson,
    double spearman,
    double slope,
    double overlap,
    double k1,
    double k2,
    double liIcq,
    Manders manders,
    Manders mandersOtsu,
    Manders mandersCostes,
    Manders mandersCostesStained)
    implements Serializable {

  /** How many levels Costes' thresholds descend through in floating-point samples. */
  private static final double FLOAT_LEVELS = 65_535;

  public Colocalization {
    if (pixels < 0) {
      throw new IllegalArgumentException("a number of pixels is not negative, as " + pixels);
    }
  }

  /**
   * Thresholds that Manders' coefficients are computed with; of the whole image, where regions or
   * objects in it are measured. NaN stands for none.
   *
   * @param otsuX Otsu's threshold of x
   * @param otsuY Otsu's threshold of y
   * @param costes Costes' thresholds
   */
  public record Thresholds(double otsuX, double otsuY, CostesThresholds costes)
      implements Serializable {
    public Thresholds {
      if (costes == null) {
        throw new IllegalArgumentException("Costes' thresholds are missing; NaN stands for none");
      }
    }

    /**
     * Of two channels; all are NaN without pixels.
     *
     * @param channels a joint histogram of two channels: x, y
     * @throws IllegalArgumentException if there are not two channels
     */
    public static Thresholds of(JointHistogram channels, SampleKind kind) {
      requirePair(channels);
      if (channels.count() == 0) {
        return new Thresholds(Double.NaN, Double.NaN, new CostesThresholds(Double.NaN, Double.NaN));
      }
      Histogram x = channels.marginal(0);
      Histogram y = channels.marginal(1);
      return of(Otsu.threshold(x, kind), Otsu.threshold(y, kind), channels, kind);
    }

    /**
     * With Otsu's thresholds at hand.
     *
     * @param channels a joint histogram of two channels, x and y, with pixels
     * @param kind of both together
     * @throws IllegalArgumentException if there are not two channels
     */
    public static Thresholds of(
        double otsuX, double otsuY, JointHistogram channels, SampleKind kind) {
      requirePair(channels);
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < channels.size(); i++) {
        max = Math.max(max, Math.max(channels.value(0, i), channels.value(1, i)));
      }
      double step = kind == SampleKind.INTEGER || max <= 0 ? 1 : max / FLOAT_LEVELS;
      return new Thresholds(otsuX, otsuY, CostesThresholds.of(channels, step));
    }
  }

  /**
   * Of two channels, with thresholds of their own.
   *
   * @param channels a joint histogram of two channels: x, y
   * @throws IllegalArgumentException if there are not two channels
   */
  public static Colocalization of(JointHistogram channels, SampleKind kind) {
    return of(channels, Thresholds.of(channels, kind));
  }

  /**
   * Of two channels, with given thresholds.
   *
   * @param channels a joint histogram of two channels: x, y
   * @throws IllegalArgumentException if there are not two channels
   */
  public static Colocalization of(JointHistogram channels, Thresholds thresholds) {
    requirePair(channels);
    return of(channels, channels, thresholds);
  }

  /**
   * Of two channels whose tuples are too many to be exact: only the ranks are those of the tuples.
   *
   * @param pixels intensities of x and y
   * @param tuples nearly the same of the same pixels, as a joint histogram
   * @throws IllegalArgumentException if there are not two channels
   */
  public static Colocalization of(Pairs pixels, JointHistogram tuples, Thresholds thresholds) {
    requirePair(tuples);
    return of(pixels, spearman(tuples), thresholds);
  }

  /** Of the pixels of an object, with given thresholds. */
  public static Colocalization of(ObjectPairs pixels, Thresholds thresholds) {
    return of(pixels, pixels.spearman(), thresholds);
  }

  private static Colocalization of(Pairs pixels, double spearman, Thresholds thresholds) {
    PairSums sums = new PairSums();
    Manders.Sums all = new Manders.Sums(0, 0);
    Manders.Sums otsu = new Manders.Sums(thresholds.otsuX(), thresholds.otsuY());
    Manders.Sums costes = new Manders.Sums(thresholds.costes().x(), thresholds.costes().y());
    pixels.each(
        (x, y, count) -> {
          sums.pair(x, y, count);
          all.pair(x, y, count);
          otsu.pair(x, y, count);
          costes.pair(x, y, count);
        });
    Comoments moments = sums.moments();
    return new Colocalization(
        sums.count(),
        moments.pearson(),
        spearman,
        moments.xx() > 0 ? moments.xy() / moments.xx() : Double.NaN,
        sums.xy() / Math.sqrt(sums.xx()) / Math.sqrt(sums.yy()),
        sums.xy() / sums.xx(),
        sums.xy() / sums.yy(),
        liIcq(pixels, sums),
        all.ofAll(),
        otsu.ofAll(),
        costes.ofAll(),
        costes.ofStained());
  }

  static void requirePair(JointHistogram channels) {
    if (channels.channels() != 2) {
      throw new IllegalArgumentException(
          "co-localisation is of 2 channels, not " + channels.channels());
    }
  }

  private static double spearman(JointHistogram channels) {
    Ranks x = new Ranks(channels.marginal(0));
    Ranks y = new Ranks(channels.marginal(1));
    Comoments moments = new Comoments();
    for (int i = 0; i < channels.size(); i++) {
      moments.add(x.of(channels.value(0, i)), y.of(channels.value(1, i)), channels.count(i));
    }
    return moments.pearson();
  }

  private static double liIcq(Pairs pixels, PairSums sums) {
    if (!sums.vary()) {
      return Double.NaN;
    }
    double xMean = sums.xMean();
    double yMean = sums.yMean();
    long[] together = {0};
    pixels.each((x, y, count) -> together[0] += (x - xMean) * (y - yMean) > 0 ? count : 0);
    return (double) together[0] / sums.count() - 0.5;
  }
}
