package org.cytolake.cellpose;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Cuts an image into overlapping tiles for the network and joins the predictions, those of a tile's
 * ends counting less than those of its middle; {@code cellpose.core.run_net} without its network.
 * Not thread-safe.
 */
public final class TaperedTiles {
  /** Flow down, flow to the right, logit of the probability. */
  private static final int OUTPUTS = 3;

  private final int height;
  private final int width;
  private final TileAxis rows;
  private final TileAxis columns;
  private final float[][] sums;

  /**
   * For an image.
   *
   * @param longest side of a tile, pixels; 224 for Cellpose's own networks
   */
  public TaperedTiles(int height, int width, int longest) {
    this.height = height;
    this.width = width;
    int tileHeight = TileAxis.tile(height, longest);
    int tileWidth = TileAxis.tile(width, longest);
    rows = TileAxis.of(height, longest, tileWidth);
    columns = TileAxis.of(width, longest, tileHeight);
    sums = new float[OUTPUTS][Math.multiplyExact(height, width)];
  }

  /** Number of tiles. */
  public int count() {
    return rows.starts().length * columns.starts().length;
  }

  /** Rows of a tile, all the same. */
  public int tileHeight() {
    return rows.tile();
  }

  /** Columns of a tile, all the same. */
  public int tileWidth() {
    return columns.tile();
  }

  /**
   * Copies a channel's part of a tile.
   *
   * @param plane height x width values
   * @param into receives the tile from {@code start} on, row by row
   * @param step how far its pixels lie apart there
   */
  public void cut(int tile, float[] plane, FloatBuffer into, int start, int step) {
    int top = top(tile);
    int left = left(tile);
    int from = Math.max(0, -left);
    int to = Math.min(tileWidth(), width - left);
    float[] line = new float[tileWidth()];
    for (int y = 0; y < tileHeight(); y++) {
      Arrays.fill(line, 0);
      if (top + y >= 0 && top + y < height && from < to) {
        System.arraycopy(plane, (top + y) * width + left + from, line, from, to - from);
      }
      int at = start + y * tileWidth() * step;
      if (step == 1) {
        into.put(at, line);
      } else {
        for (int x = 0; x < line.length; x++) {
          into.put(at + x * step, line[x]);
        }
      }
    }
  }

  /**
   * Takes a tile's prediction. Each tile is to be given once, in ascending order.
   *
   * @param output 0 for the flow down, 1 for that to the right, 2 for the logit
   * @param from holds the tile from {@code start} on, row by row
   * @param step how far its pixels lie apart there
   */
  public void add(int tile, int output, FloatBuffer from, int start, int step) {
    int top = top(tile);
    int left = left(tile);
    int first = Math.max(0, -left);
    int end = Math.min(tileWidth(), width - left);
    float[] sum = sums[output];
    for (int y = Math.max(0, -top); y < Math.min(tileHeight(), height - top); y++) {
      double weight = rows.weights()[y];
      int row = (top + y) * width + left;
      int at = start + y * tileWidth() * step;
      for (int x = first; x < end; x++) {
        double value = from.get(at + x * step) * (columns.weights()[x] * weight);
        sum[row + x] = (float) (sum[row + x] + value);
      }
    }
  }

  /** Row of the image in which a tile begins; below 0 where that is padding. */
  private int top(int tile) {
    return rows.starts()[tile / columns.starts().length] - rows.before();
  }

  private int left(int tile) {
    return columns.starts()[tile % columns.starts().length] - columns.before();
  }

  /** The means, after all tiles were given; of each output height x width values. */
  public float[][] means() {
    int[] firsts = new int[width];
    int[] ends = new int[width];
    for (int x = 0; x < width; x++) {
      firsts[x] = columns.firstOver(x + columns.before());
      ends[x] = columns.endOver(x + columns.before());
    }
    double[] weights = new double[width];
    for (int y = 0; y < height; y++) {
      weigh(y + rows.before(), firsts, ends, weights);
      for (float[] sum : sums) {
        for (int x = 0; x < width; x++) {
          sum[y * width + x] = (float) (sum[y * width + x] / weights[x]);
        }
      }
    }
    return sums;
  }

  /** Sums of the weights of all tiles over the pixels of a row of the padded image. */
  private void weigh(int row, int[] firsts, int[] ends, double[] weights) {
    int first = rows.firstOver(row);
    int end = rows.endOver(row);
    for (int x = 0; x < width; x++) {
      double sum = 0;
      for (int j = first; j < end; j++) {
        double weight = rows.weights()[row - rows.starts()[j]];
        for (int i = firsts[x]; i < ends[x]; i++) {
          sum += columns.weights()[x + columns.before() - columns.starts()[i]] * weight;
        }
      }
      weights[x] = sum;
    }
  }
}
