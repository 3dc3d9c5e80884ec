package org.cytolake.shading;

/**
 * Makes a line of pixels one of another length, by weights of neighbouring ones, as PyTorch's
 * {@code interpolate} with {@code mode="bilinear"} and {@code align_corners=True}.
 *
 * @param first of the pixels that each new one is made of
 * @param weights of those, by new pixel; their sum is 1
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LineResampling(int[] first, double[][] weights) {

  /** Between the neighbours of each new place; the ends stay where they are. */
  static LineResampling linear(int from, int to) {
    int[] first = new int[to];
    double[][] weights = new double[to][];
    double scale = to > 1 ? (from - 1.0) / (to - 1) : 0;
    for (int i = 0; i < to; i++) {
      double at = scale * i;
      first[i] = Math.min((int) at, Math.max(0, from - 2));
      double second = at - first[i];
      weights[i] = from == 1 ? new double[] {1} : new double[] {1 - second, second};
    }
    return new LineResampling(first, weights);
  }

  /** The same with {@code antialias=True}: all pixels count that a new one covers. */
  static LineResampling antialiased(int from, int to) {
    int[] first = new int[to];
    double[][] weights = new double[to][];
    double scale = to > 1 ? (from - 1.0) / (to - 1) : 0;
    double reach = Math.max(scale, 1);
    for (int i = 0; i < to; i++) {
      double centre = scale * (i + 0.5);
      int low = Math.max((int) (centre - reach + 0.5), 0);
      int high = Math.min((int) (centre + reach + 0.5), from);
      weights[i] = new double[high - low];
      first[i] = low;
      double sum = 0;
      for (int j = 0; j < weights[i].length; j++) {
        weights[i][j] = Math.max(0, 1 - Math.abs((j + low - centre + 0.5) / reach));
        sum += weights[i][j];
      }
      for (int j = 0; j < weights[i].length; j++) {
        weights[i][j] /= sum;
      }
    }
    return new LineResampling(first, weights);
  }

  int size() {
    return first.length;
  }

  /** The new line. */
  double[] of(double[] line) {
    double[] made = new double[first.length];
    for (int i = 0; i < made.length; i++) {
      double sum = 0;
      for (int j = 0; j < weights[i].length; j++) {
        sum += weights[i][j] * line[first[i] + j];
      }
      made[i] = sum;
    }
    return made;
  }

  /** A plane of another size. */
  static double[] plane(double[] values, LineResampling down, LineResampling across, int width) {
    Rows rows = new Rows(down, across);
    double[] row = new double[width];
    for (int y = 0; y < values.length / width; y++) {
      System.arraycopy(values, y * width, row, 0, width);
      rows.add(y, row);
    }
    return rows.made();
  }

  /** A plane that is made row by row. */
  static final class Rows {
    private final LineResampling down;
    private final LineResampling across;
    private final double[] made;
    private int next; // the first row that more rows may belong to

    Rows(LineResampling down, LineResampling across) {
      this.down = down;
      this.across = across;
      this.made = new double[down.size() * across.size()];
    }

    /** Adds row {@code y}; rows come in order. */
    void add(int y, double[] row) {
      double[] line = across.of(row);
      while (next < down.size() && down.first[next] + down.weights[next].length <= y) {
        next++;
      }
      for (int i = next; i < down.size() && down.first[i] <= y; i++) {
        if (y >= down.first[i] + down.weights[i].length) {
          continue;
        }
        double weight = down.weights[i][y - down.first[i]];
        int at = i * line.length;
        for (int x = 0; x < line.length; x++) {
          made[at + x] += weight * line[x];
        }
      }
    }

    /** The plane, row by row. */
    double[] made() {
      return made;
    }
  }
}
