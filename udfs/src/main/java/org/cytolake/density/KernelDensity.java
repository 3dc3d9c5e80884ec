package org.cytolake.density;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import org.cytolake.histogram.JointHistogram;

/**
 * The Gaussian kernel density of two channels over a grid, as {@code seaborn.kdeplot(x, y)}
 * computes it with {@code scipy.stats.gaussian_kde}:
 *
 * <pre>
 * H        = covariance (divided by n - 1) · n^(-1/3), Scott's factor n^(-1/6) squared
 * f(p)     = 1/n · sum over pixels q of exp(-(p - q)' H^-1 (p - q) / 2) / (2π sqrt(det H))
 * grid     = evenly from min - cut · bandwidth to max + cut · bandwidth, bandwidth = sqrt(diag H)
 * </pre>
 *
 * <p>Equal pixels share a kernel, so the cost is that of distinct tuples. Kernels end where they
 * have fallen to 3e-18 of their height. Immutable.
 *
 * <p>Where the channels do not spread over two dimensions there is no density: {@link #reason()}
 * says why and the grid is empty.
 */
public final class KernelDensity implements Serializable {
  private static final long serialVersionUID = 1;

  /** seaborn's number of grid points along an axis. */
  public static final int GRID_SIZE = 200;

  /** By how many bandwidths seaborn's grid reaches beyond the outermost pixels. */
  public static final double CUT = 3;

  /** seaborn's number of contours. */
  public static final int LEVELS = 10;

  /** The share of all mass outside seaborn's outermost contour. */
  public static final double THRESHOLD = 0.05;

  /** Share of variance left beside a perfect correlation, below which it is rounding. */
  private static final double SINGULAR = 1e-13;

  private final double[] x;
  private final double[] y;
  private final double[] density;
  private final String reason;

  private KernelDensity(double[] x, double[] y, double[] density, String reason) {
    this.x = x;
    this.y = y;
    this.density = density;
    this.reason = reason;
  }

  /**
   * On seaborn's default grid of 200 x 200 points.
   *
   * @param channels a joint histogram of two channels: x, y
   * @throws IllegalArgumentException if there are not two channels
   */
  public static KernelDensity of(JointHistogram channels) {
    return of(channels, GRID_SIZE, CUT);
  }

  /**
   * On a grid of {@code gridSize} x {@code gridSize} points.
   *
   * @param channels a joint histogram of two channels: x, y
   * @param gridSize at least 2
   * @param cut bandwidths between the outermost pixels and the border of the grid, 0 or more
   * @throws IllegalArgumentException if there are not two channels or a parameter is out of range
   */
  public static KernelDensity of(JointHistogram channels, int gridSize, double cut) {
    if (channels.channels() != 2) {
      throw new IllegalArgumentException(
          "this density is of 2 channels, not " + channels.channels());
    }
    if (gridSize < 2 || gridSize > 1 << 14 || !(cut >= 0) || Double.isInfinite(cut)) {
      throw new IllegalArgumentException(
          "a grid has at least 2 points and a border of 0 or more, not " + gridSize + ", " + cut);
    }
    if (channels.count() < 2) {
      return none(channels.count() == 0 ? "there are no pixels" : "there is one pixel only");
    }
    Kernel kernel = Kernel.of(channels);
    if (!(kernel.xx() > 0) || !(kernel.yy() > 0)) {
      return none("the " + (kernel.xx() > 0 ? "second" : "first") + " channel is constant");
    }
    if (!(kernel.determinant() > SINGULAR * kernel.xx() * kernel.yy())) {
      return none("one channel is a linear function of the other");
    }
    double[] x = grid(channels, 0, cut * Math.sqrt(kernel.xx()), gridSize);
    double[] y = grid(channels, 1, cut * Math.sqrt(kernel.yy()), gridSize);
    return new KernelDensity(x, y, kernel.sum(channels, x, y), "");
  }

  private static KernelDensity none(String reason) {
    return new KernelDensity(new double[0], new double[0], new double[0], reason);
  }

  /** {@code numpy.linspace} about the values of a channel. */
  private static double[] grid(JointHistogram channels, int channel, double border, int size) {
    double first = Double.POSITIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < channels.size(); i++) {
      first = Math.min(first, channels.value(channel, i));
      last = Math.max(last, channels.value(channel, i));
    }
    first -= border;
    last += border;
    double step = (last - first) / (size - 1);
    double[] grid = new double[size];
    for (int i = 0; i < size; i++) {
      grid[i] = i * step + first;
    }
    grid[size - 1] = last;
    return grid;
  }

  /** Why there is no density; empty where there is one. */
  public Optional<String> reason() {
    return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
  }

  /** Whether there is no density. */
  public boolean isEmpty() {
    return density.length == 0;
  }

  /** Number of grid points along x; 0 where there is no density. */
  public int xSize() {
    return x.length;
  }

  /** Number of grid points along y; 0 where there is no density. */
  public int ySize() {
    return y.length;
  }

  /** The x of a column of the grid, in the unit of the first channel, ascending. */
  public double x(int column) {
    return x[column];
  }

  /** The y of a row of the grid, in the unit of the second channel, ascending. */
  public double y(int row) {
    return y[row];
  }

  /** The density at a grid point, per unit of the first times unit of the second channel. */
  public double density(int column, int row) {
    return density[row * x.length + column];
  }

  /** The densities of all grid points, {@code [row * xSize + column]}; a copy. */
  public double[] densities() {
    return density.clone();
  }

  /**
   * The densities that seaborn draws contours at by default.
   *
   * @return ten densities, ascending; none where there is no density
   */
  public double[] levels() {
    return levels(LEVELS, THRESHOLD);
  }

  /**
   * Densities whose contours leave even shares of the mass outside, from {@code threshold} to 1:
   * below the first level lies the share {@code threshold} of the sum over the grid, the last level
   * is the largest density.
   *
   * @param count at least 2
   * @param threshold from 0, below 1
   * @return ascending; none where there is no density
   * @throws IllegalArgumentException if a parameter is out of range
   */
  public double[] levels(int count, double threshold) {
    if (count < 2 || !(threshold >= 0 && threshold < 1)) {
      throw new IllegalArgumentException(
          "at least 2 levels from 0 or more to below 1, not " + count + " from " + threshold);
    }
    if (isEmpty()) {
      return new double[0];
    }
    double[] descending = density.clone();
    Arrays.sort(descending);
    for (int i = 0, j = descending.length - 1; i < j; i++, j--) {
      double swap = descending[i];
      descending[i] = descending[j];
      descending[j] = swap;
    }
    double[] cumulative = descending.clone();
    for (int i = 1; i < cumulative.length; i++) {
      cumulative[i] += cumulative[i - 1];
    }
    double total = cumulative[cumulative.length - 1];
    double step = (1 - threshold) / (count - 1);
    double[] levels = new double[count];
    for (int i = 0; i < count; i++) {
      double share = i == count - 1 ? 1 : i * step + threshold;
      levels[i] = descending[firstAtLeast(cumulative, total, 1 - share)];
    }
    return levels;
  }

  private static int firstAtLeast(double[] cumulative, double total, double share) {
    int low = 0;
    int high = cumulative.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cumulative[middle] / total < share) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KernelDensity d
        && Arrays.equals(x, d.x)
        && Arrays.equals(y, d.y)
        && Arrays.equals(density, d.density)
        && reason.equals(d.reason);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(x) + Arrays.hashCode(density);
  }

  @Override
  public String toString() {
    return isEmpty()
        ? "KernelDensity[none: " + reason + "]"
        : "KernelDensity[" + x.length + " x " + y.length + "]";
  }
}
