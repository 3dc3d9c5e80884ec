package org.cytolake.cellpose;

/**
 * What a Cellpose network predicts for every pixel of a plane, row by row.
 *
 * @param height rows, 1 or more
 * @param width columns, 1 or more
 * @param dy five times the step down that leads towards the object's centre
 * @param dx the same to the right
 * @param cellProb logit of the probability that an object is there
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared
public record CellFlows(int height, int width, float[] dy, float[] dx, float[] cellProb) {
  /** Most pixels of a plane whose flows are followed: two steps of each lie in one array. */
  public static final long MAX_PIXELS = 1L << 29;

  public CellFlows {
    if (height < 1 || width < 1 || (long) height * width > MAX_PIXELS) {
      throw new IllegalArgumentException("no flows can be " + width + " x " + height);
    }
    int pixels = height * width;
    if (dy.length != pixels || dx.length != pixels || cellProb.length != pixels) {
      throw new IllegalArgumentException(
          dy.length
              + " and "
              + dx.length
              + " flows and "
              + cellProb.length
              + " probabilities for "
              + width
              + " x "
              + height
              + " pixels");
    }
  }

  /** Number of pixels. */
  public int pixels() {
    return height * width;
  }
}
