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
import org.cytolake.statistics.PlaneCounting;

/** Counts the tuples of values of a plane's pixels, whatever the number of channels. */
final class TupleCounting {
  private final PixelValue value;
  private final CodeLevels levels;
  private final TupleNumbers numbers;
  private final long most;
  private int[] counts = new int[1 << 10]; // by number; a plane has fewer than 2^31 pixels

  /**
   * @param most distinct tuples, above which counting ends
   */
  TupleCounting(PixelValue value, long most) {
    this.value = value;
    this.levels = CodeLevels.of(value);
    this.numbers = new TupleNumbers(levels.sizes());
    this.most = most;
  }

  /** Counts all pixels that are clustered; false where their tuples are too many. */
  boolean count(PlanePixels pixels) throws ImageReadException {
    Window window = value.by().region().map(TupleCounting::window).orElseGet(pixels::whole);
    for (Window band : PlaneCounting.bands(window)) {
      List<Plane> channels = new ArrayList<>();
      for (int c : value.by().places()) {
        channels.add(pixels.read(c, band));
      }
      int size = (int) band.pixels();
      for (int from = 0; from < size; from += CodeLevels.CHUNK) {
        int n = Math.min(CodeLevels.CHUNK, size - from);
        count(levels.read(channels, from, n), n);
        if (numbers.size() > most) {
          return false;
        }
      }
    }
    return true;
  }

  static Window window(Region region) {
    return new Window(region.y(), region.x(), region.height(), region.width());
  }

  private void count(int[][] found, int n) {
    for (int i = 0; i < n; i++) {
      if (found[0][i] != CodeLevels.NONE) {
        int number = numbers.number(found, i);
        if (number == counts.length) {
          counts = Arrays.copyOf(counts, 2 * number);
        }
        counts[number]++;
      }
    }
  }

  /** The tuples, ascending. */
  WeightedPoints points() {
    int[] order = numbers.ascending();
    double[][] values = new double[value.channels()][order.length];
    long[] pixels = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      for (int c = 0; c < values.length; c++) {
        values[c][i] = levels.value(c, numbers.level(c, order[i]));
      }
      pixels[i] = counts[order[i]];
    }
    return new WeightedPoints(values, pixels);
  }
}
