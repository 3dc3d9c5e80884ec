package org.cytolake.cellpose;

/**
 * Where pixels end that follow the flow, by Euler steps with bilinear interpolation; {@code
 * cellpose.dynamics.follow_flows} with {@code interp=True} on the processor, to the last bit.
 *
 * <p>Most pixels come to rest, or go round in a circle of a few places, long before the last step.
 * Where a place comes again, the steps until the last are known (R. P. Brent 1980, "An improved
 * Monte Carlo factorization algorithm", for how it is noticed), and are left out.
 */
final class FlowFollowing {
  /** For a pixel that belongs to no object. */
  static final int NOWHERE = -1;

  private final int height;
  private final int width;
  private final float[] steps; // down and to the right, of each pixel in turn

  private FlowFollowing(int height, int width, float[] steps) {
    this.height = height;
    this.width = width;
    this.steps = steps;
  }

  /**
   * Follows the flow from every pixel of an object.
   *
   * @param cellProb logit above which pixels belong to objects
   * @param count steps, 0 or more
   * @return for each pixel the index of that in which it ends; {@link #NOWHERE} outside objects
   * @throws IllegalArgumentException where a pixel of an object has a flow that is no number
   */
  static int[] ends(CellFlows flows, double cellProb, int count) {
    int pixels = flows.pixels();
    float threshold = (float) cellProb;
    float[] steps = new float[2 * pixels];
    for (int i = 0; i < pixels; i++) {
      if (flows.cellProb()[i] > threshold) {
        steps[2 * i] = flows.dy()[i] / 5f;
        steps[2 * i + 1] = flows.dx()[i] / 5f;
        if (!Float.isFinite(steps[2 * i]) || !Float.isFinite(steps[2 * i + 1])) {
          throw new IllegalArgumentException(
              "the network's flow at row "
                  + i / flows.width()
                  + ", column "
                  + i % flows.width()
                  + " is not finite");
        }
      }
    }
    FlowFollowing following = new FlowFollowing(flows.height(), flows.width(), steps);
    int[] ends = new int[pixels];
    int i = 0;
    for (int row = 0; row < flows.height(); row++) {
      for (int column = 0; column < flows.width(); column++, i++) {
        ends[i] = flows.cellProb()[i] > threshold ? following.end(row, column, count) : NOWHERE;
      }
    }
    return ends;
  }

  private int end(int row, int column, int count) {
    float lowest = height - 1;
    float rightmost = width - 1;
    float y = row;
    float x = column;
    float markY = y; // a place on the way, moved on after 1, 2, 4, 8... steps
    float markX = x;
    int sinceMark = 0;
    int untilNextMark = 1;
    for (int left = count; left > 0; left--) {
      int top = (int) y;
      int leftmost = (int) x;
      int above = 2 * (top * width + leftmost);
      int below = top + 1 < height ? above + 2 * width : above;
      int right = leftmost + 1 < width ? 2 : 0;
      double down = (double) y - top;
      double across = (double) x - leftmost;
      double up = 1 - down;
      double back = 1 - across;
      // the products and sums in the reference's order
      float dy =
          (float)
              (steps[above] * up * back
                  + steps[above + right] * up * across
                  + steps[below] * down * back
                  + steps[below + right] * down * across);
      float dx =
          (float)
              (steps[above + 1] * up * back
                  + steps[above + right + 1] * up * across
                  + steps[below + 1] * down * back
                  + steps[below + right + 1] * down * across);
      y = Math.min(lowest, Math.max(0, y + dy));
      x = Math.min(rightmost, Math.max(0, x + dx));
      sinceMark++;
      if (y == markY && x == markX) {
        left = (left - 1) % sinceMark + 1;
      } else if (sinceMark == untilNextMark) {
        markY = y;
        markX = x;
        sinceMark = 0;
        untilNextMark *= 2;
      }
    }
    return ((int) y) * width + (int) x;
  }
}
