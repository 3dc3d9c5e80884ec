package org.cytolake.clusters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.image.Plane;
import org.cytolake.image.Region;
import org.cytolake.points.WeightedPoints;
import org.cytolake.stardist.Window;

/**
 * Which of a list of tuples of values the pixels of a plane have. All that a pixel needs is looked
 * up by its codes.
 */
public final class PixelPlaces {
  /** The place of a pixel that is not clustered, or whose tuple is not in the list. */
  public static final int NONE = -1;

  private static final int MOST_DENSE = 1 << 24;

  private final PixelValue value;
  private final int[] low; // by channel: the least code
  private final int[][] levels; // by channel and code: number of the value, or NONE
  private final boolean[][] above; // by channel and code
  private final int width; // values of the second channel
  private final int[] dense; // by the values' numbers; empty where there are too many
  private final long[] keys; // of the tuples, ascending, where there are
  private final int[] order; // of the tuples by their keys

  /**
   * @param points the tuples, in any order
   */
  public PixelPlaces(PixelValue value, WeightedPoints points) {
    this.value = value;
    int channels = value.channels();
    low = new int[channels];
    levels = new int[channels][];
    above = new boolean[channels][];
    double[][] distinct = new double[channels][];
    for (int c = 0; c < channels; c++) {
      distinct[c] = distinct(points, c);
      low[c] = value.minCode(c);
      levels[c] = new int[value.maxCode(c) - low[c] + 1];
      above[c] = new boolean[levels[c].length];
      for (int i = 0; i < levels[c].length; i++) {
        int at = Arrays.binarySearch(distinct[c], value.valueOfCode(c, low[c] + i));
        levels[c][i] = Math.max(NONE, at);
        above[c][i] = value.isAbove(c, low[c] + i);
      }
    }
    width = channels == 1 ? 1 : distinct[1].length;
    boolean isDense = (long) distinct[0].length * width <= MOST_DENSE;
    dense = new int[isDense ? distinct[0].length * width : 0];
    long[] unsorted = new long[isDense ? 0 : points.size()];
    Arrays.fill(dense, NONE);
    for (int i = 0; i < points.size(); i++) {
      long key = Arrays.binarySearch(distinct[0], points.value(0, i));
      if (channels > 1) {
        key = key * width + Arrays.binarySearch(distinct[1], points.value(1, i));
      }
      if (isDense) {
        dense[(int) key] = i;
      } else {
        unsorted[i] = key;
      }
    }
    order =
        IntStream.range(0, unsorted.length)
            .boxed()
            .sorted(Comparator.comparingLong(i -> unsorted[i]))
            .mapToInt(i -> i)
            .toArray();
    keys = Arrays.stream(order).mapToLong(i -> unsorted[i]).toArray();
  }

  private static double[] distinct(WeightedPoints points, int channel) {
    double[] values = new double[points.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = points.value(channel, i);
    }
    return Arrays.stream(values).sorted().distinct().toArray();
  }

  /**
   * The places of a plane's pixels.
   *
   * @param into receives the place in the list for every pixel of the window, row by row
   */
  public void read(PlanePixels pixels, Window window, int[] into) throws ImageReadException {
    List<Plane> channels = new ArrayList<>();
    for (int c : value.by().places()) {
      channels.add(pixels.read(c, window));
    }
    read(channels, (int) window.pixels(), into);
    value.by().region().ifPresent(region -> leaveOutside(region, window, into));
  }

  /**
   * The places of pixels wherever they lie.
   *
   * @param channels samples of the clustering channels
   * @param into receives the place in the list for every pixel
   */
  public void read(List<Plane> channels, int size, int[] into) {
    Plane a = channels.get(0);
    if (channels.size() == 1) {
      for (int i = 0; i < size; i++) {
        into[i] = place(a.at(i));
      }
    } else {
      Plane b = channels.get(1);
      for (int i = 0; i < size; i++) {
        into[i] = place(a.at(i), b.at(i));
      }
    }
  }

  private int place(double a) {
    if (!Double.isFinite(a)) {
      return NONE;
    }
    int code = value.code(0, a) - low[0];
    boolean isAbove = above[0][code];
    return value.isChosen(isAbove, isAbove) ? tuple(levels[0][code], 0) : NONE;
  }

  private int place(double a, double b) {
    if (!Double.isFinite(a) || !Double.isFinite(b)) {
      return NONE;
    }
    int first = value.code(0, a) - low[0];
    int second = value.code(1, b) - low[1];
    return value.isChosen(above[0][first], above[1][second])
        ? tuple(levels[0][first], levels[1][second])
        : NONE;
  }

  private int tuple(int first, int second) {
    if (first < 0 || second < 0) {
      return NONE;
    }
    if (keys.length == 0) {
      return dense[first * width + second];
    }
    int at = Arrays.binarySearch(keys, (long) first * width + second);
    return at < 0 ? NONE : order[at];
  }

  private static void leaveOutside(Region region, Window window, int[] places) {
    for (int i = 0; i < window.pixels(); i++) {
      int y = window.top() + i / window.width() - region.y();
      int x = window.left() + i % window.width() - region.x();
      if (y < 0 || x < 0 || y >= region.height() || x >= region.width()) {
        places[i] = NONE;
      }
    }
  }
}
