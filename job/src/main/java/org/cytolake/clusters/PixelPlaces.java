package org.cytolake.clusters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.image.Plane;
import org.cytolake.image.Region;
import org.cytolake.points.TupleNumbers;
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
  private final CodeLevels levels;
  private final int[] strides; // by channel; empty where there is no table
  private final int[] table; // place of a tuple
  private final TupleNumbers numbers; // where there are too many for a table
  private final int[] ofNumbers; // places by those

  /**
   * @param points the tuples, in any order
   */
  public PixelPlaces(PixelValue value, WeightedPoints points) {
    this.value = value;
    levels = CodeLevels.of(value, points);
    int[] sizes = levels.sizes();
    long cells = 1;
    for (int size : sizes) {
      cells = Math.min(cells * size, MOST_DENSE + 1L);
    }
    boolean isDense = cells <= MOST_DENSE;
    strides = new int[isDense ? sizes.length : 0];
    table = new int[isDense ? (int) cells : 0];
    numbers = new TupleNumbers(sizes);
    ofNumbers = new int[isDense ? 0 : points.size()];
    Arrays.fill(table, NONE);
    for (int c = strides.length - 1, stride = 1; c >= 0; stride *= sizes[c--]) {
      strides[c] = stride;
    }
    int[][] tuple = new int[sizes.length][1];
    for (int i = 0; i < points.size(); i++) {
      for (int c = 0; c < tuple.length; c++) {
        tuple[c][0] = levels.level(c, points.value(c, i));
      }
      if (isDense) {
        table[cell(tuple, 0)] = i;
      } else {
        ofNumbers[numbers.number(tuple, 0)] = i;
      }
    }
  }

  private int cell(int[][] tuples, int at) {
    int cell = 0;
    for (int c = 0; c < strides.length; c++) {
      cell += strides[c] * tuples[c][at];
    }
    return cell;
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
    for (int from = 0; from < size; from += CodeLevels.CHUNK) {
      int n = Math.min(CodeLevels.CHUNK, size - from);
      int[][] found = levels.read(channels, from, n);
      for (int i = 0; i < n; i++) {
        into[from + i] = found[0][i] == CodeLevels.NONE ? NONE : place(found, i);
      }
    }
  }

  private int place(int[][] tuples, int at) {
    if (strides.length > 0) {
      return table[cell(tuples, at)];
    }
    int number = numbers.find(tuples, at);
    return number < 0 ? NONE : ofNumbers[number];
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
