package org.cytolake.stardist;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A star-convex object: a centre and the distance to its border along every ray.
 *
 * @param prob object probability, 0 to 1
 * @param y row of the centre, pixels
 * @param x column of the centre, pixels
 * @param dist distance along each ray, pixels, above 0
 */
@SuppressWarnings("ArrayRecordComponent") // identified by its place in a list
public record Star(float prob, int y, int x, float[] dist) implements OutlinedObject {
  /** Sine and cosine of every ray, by the number of rays. */
  private static final Map<Integer, double[][]> DIRECTIONS = new ConcurrentHashMap<>();

  /** Rows of the border's vertices, as {@code stardist.geometry.dist_to_coord} computes them. */
  @Override
  public float[] vertexRows() {
    return vertices(y, 0);
  }

  /** Columns of the border's vertices. */
  @Override
  public float[] vertexColumns() {
    return vertices(x, 1);
  }

  private float[] vertices(int centre, int axis) {
    double[] directions = DIRECTIONS.computeIfAbsent(dist.length, Star::directions)[axis];
    float[] places = new float[dist.length];
    for (int k = 0; k < places.length; k++) {
      places[k] = centre + (float) (dist[k] * directions[k]);
    }
    return places;
  }

  private static double[][] directions(int rays) {
    double[][] directions = new double[2][rays];
    for (int k = 0; k < rays; k++) {
      double angle = k * (2 * Math.PI / rays);
      directions[0][k] = Math.sin(angle);
      directions[1][k] = Math.cos(angle);
    }
    return directions;
  }
}
