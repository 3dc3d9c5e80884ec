package org.cytolake.populations;

import java.util.ArrayList;
import java.util.List;

/**
 * Pixels that lie evenly spread over a plane and not on edges: of a square around every point of a
 * grid the one that its neighbourhood differs least about, unless that too lies on an edge. Pixels
 * that the point spread mixes from both sides of an edge are of neither population, and fill the
 * space between populations with what looks like further ones.
 */
public final class EvenPlaces {
  /**
   * So many places are worth one independent pixel: where the pixels of a disc correlate by one
   * half, which is the side of a square, half the way is gone to where they do not.
   */
  public static final int PER_PIXEL = 4;

  /** Places on a plane, about, at most. */
  private static final int MOST = 1 << 14;

  /** Half the distance over which a neighbourhood is looked at. */
  private static final int REACH = 2;

  /** What is more uneven than this may lie on an edge: a tenth of the standard deviation. */
  private static final double EDGE = 0.01;

  /** Where noise alone makes places uneven: than so many times what half of them are. */
  private static final double NOISE = 4;

  private final int stride;
  private final int side;
  private final double[] variances;
  private final List<Place> all = new ArrayList<>();

  /**
   * One place.
   *
   * @param y row, from 0
   * @param x column, from 0
   * @param uneven sum over channels of the squared differences, over the channel's variance,
   *     between the means of 3 x 3 pixels two above and two below, and two to the left and right
   */
  public record Place(int y, int x, float uneven) {}

  /**
   * @param of the whole plane
   * @param height of the whole plane, pixels
   */
  public EvenPlaces(SpatialCorrelation of, int height, int width) {
    side = Math.max(1, (int) Math.rint(of.distance()));
    stride = Math.max(side, (int) Math.ceil(Math.sqrt((double) height * width / MOST)));
    variances = of.variances();
  }

  /**
   * Looks at rows of the plane.
   *
   * @param samples by channel, row by row, finite
   * @param top the first row's number
   * @return the places in them, from top to bottom; those too that lie on edges
   */
  public List<Place> add(float[][] samples, int top, int height, int width) {
    float[] uneven = uneven(samples, height, width);
    List<Place> found = new ArrayList<>();
    for (int row = 0; row < height; row += stride) {
      for (int left = 0; left < width; left += stride) {
        int best = row * width + left;
        for (int y = row; y < Math.min(height, row + side); y++) {
          for (int i = y * width + left; i < y * width + Math.min(width, left + side); i++) {
            best = uneven[i] < uneven[best] ? i : best;
          }
        }
        found.add(new Place(top + best / width, best % width, uneven[best]));
      }
    }
    all.addAll(found);
    return found;
  }

  /** A place that is more uneven than this lies on an edge; after all rows were looked at. */
  public double mostUneven() {
    double[] sorted = all.stream().mapToDouble(Place::uneven).sorted().toArray();
    return sorted.length == 0 ? EDGE : Math.max(EDGE, NOISE * sorted[sorted.length / 2]);
  }

  private float[] uneven(float[][] samples, int height, int width) {
    float[] uneven = new float[height * width];
    float[] means = new float[height * width];
    for (int c = 0; c < samples.length; c++) {
      if (variances[c] > 0) {
        means(samples[c], height, width, means);
        float scale = (float) (1 / variances[c]);
        for (int y = 0; y < height; y++) {
          int above = Math.max(0, y - REACH) * width;
          int below = Math.min(height - 1, y + REACH) * width;
          for (int x = 0; x < width; x++) {
            float down = means[below + x] - means[above + x];
            float right =
                means[y * width + Math.min(width - 1, x + REACH)]
                    - means[y * width + Math.max(0, x - REACH)];
            uneven[y * width + x] += scale * (down * down + right * right);
          }
        }
      }
    }
    return uneven;
  }

  /** Of 3 x 3 pixels; at the border of those nearest. */
  private static void means(float[] channel, int height, int width, float[] into) {
    float[] rows = new float[3 * width]; // sums of three pixels along the row above, here, below
    for (int y = 0; y < height; y++) {
      for (int r = 0; r < 3; r++) {
        int row = Math.max(0, Math.min(height - 1, y + r - 1)) * width;
        for (int x = 0; x < width; x++) {
          rows[r * width + x] =
              channel[row + Math.max(0, x - 1)]
                  + channel[row + x]
                  + channel[row + Math.min(width - 1, x + 1)];
        }
      }
      for (int x = 0; x < width; x++) {
        into[y * width + x] = (rows[x] + rows[width + x] + rows[2 * width + x]) / 9;
      }
    }
  }
}
