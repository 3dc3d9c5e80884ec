package org.cytolake.cellpose;

import java.util.Arrays;

/**
 * How one side of an image is padded with zeros and cut into tiles that overlap, and how much a
 * tile's prediction counts from its middle to its ends; {@code get_pad_yx}, {@code make_tiles} and
 * {@code _taper_mask} of {@code cellpose.transforms}.
 *
 * @param before zeros before the image's first pixel
 * @param padded length with the zeros at both ends
 * @param tile length of a tile
 * @param starts first pixel of each tile in the padded image
 * @param weights of a tile's pixels
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TileAxis(int before, int padded, int tile, int[] starts, double[] weights) {
  private static final int MULTIPLE = 16; // of which a padded side is one
  private static final double OVERLAP = 0.1;
  private static final double TAPER = 7.5;
  private static final int TAPERED = 20;
  private static final int LEAST_TAPER = 224;

  /**
   * Of a side.
   *
   * @param size of the image, pixels, 1 or more
   * @param longest most pixels of a tile
   * @param other length of the tile's other side, which the taper depends on too
   */
  static TileAxis of(int size, int longest, int other) {
    int pad = Math.floorMod(-size, MULTIPLE);
    int before = MULTIPLE / 2 + pad / 2;
    int padded = Math.addExact(size, pad + MULTIPLE);
    int tile = Math.min(longest, padded);
    int count = padded <= longest ? 1 : (int) Math.ceil((1 + 2 * OVERLAP) * padded / longest);
    return new TileAxis(
        before, padded, tile, starts(padded - tile, count), weights(tile, Math.max(tile, other)));
  }

  /** The length of a tile of a side. */
  static int tile(int size, int longest) {
    return Math.min(longest, size + Math.floorMod(-size, MULTIPLE) + MULTIPLE);
  }

  /** {@code numpy.linspace(0, last, count).astype(int)}. */
  private static int[] starts(int last, int count) {
    int[] starts = new int[count];
    double step = (double) last / (count - 1);
    for (int i = 1; i < count - 1; i++) {
      starts[i] = (int) (i * step);
    }
    if (count > 1) {
      starts[count - 1] = last;
    }
    return starts;
  }

  private static double[] weights(int tile, int longer) {
    int size = Math.max(LEAST_TAPER, longer);
    double middle = (size - 1) / 2.0;
    double[] all = new double[size];
    for (int i = 0; i < size; i++) {
      double fromMiddle = Math.abs(i - middle);
      all[i] = 1 / (1 + Math.exp((fromMiddle - (size / 2.0 - TAPERED)) / TAPER));
    }
    int start = size / 2 - tile / 2;
    return Arrays.copyOfRange(all, start, start + tile);
  }

  /** The first tile that holds a pixel of the padded image; those that do follow each other. */
  int firstOver(int place) {
    int first = 0;
    while (starts[first] + tile <= place) {
      first++;
    }
    return first;
  }

  /** One beyond the last tile that holds a pixel of the padded image. */
  int endOver(int place) {
    int end = starts.length;
    while (starts[end - 1] > place) {
      end--;
    }
    return end;
  }
}
