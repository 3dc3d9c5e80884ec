package org.cytolake.stardist;

/**
 * A prediction in arrays.
 *
 * @param height rows of the grid
 * @param width columns of the grid
 * @param rays number of distances of a cell, 3 or more; ray k points to (y, x) = (sin, cos)(2 pi k
 *     / rays)
 * @param grid pixels between cells, 1 or more
 * @param prob height x width probabilities, 0 to 1, row by row
 * @param dist height x width x rays distances in pixels, the rays of a cell together
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared
public record StarPrediction(int height, int width, int rays, int grid, float[] prob, float[] dist)
    implements Prediction {
  public StarPrediction {
    if (height < 1 || width < 1 || rays < 3 || grid < 1) {
      throw new IllegalArgumentException(
          "no prediction: " + width + " x " + height + " cells, " + rays + " rays, grid " + grid);
    }
    if (prob.length != (long) height * width || dist.length != (long) height * width * rays) {
      throw new IllegalArgumentException(
          prob.length
              + " probabilities and "
              + dist.length
              + " distances for "
              + width
              + " x "
              + height
              + " cells of "
              + rays
              + " rays");
    }
  }

  @Override
  public float prob(int cell) {
    return prob[cell];
  }

  @Override
  public float dist(int cell, int ray) {
    return dist[cell * rays + ray];
  }
}
