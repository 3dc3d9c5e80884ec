package org.cytolake.stardist;

/**
 * A star-convex object: a centre and the distance to its border along every ray.
 *
 * @param prob object probability, 0 to 1
 * @param y row of the centre, pixels
 * @param x column of the centre, pixels
 * @param dist distance along each ray, pixels, above 0
 */
@SuppressWarnings("ArrayRecordComponent") // identified by its place in a list
public record Star(float prob, int y, int x, float[] dist) {

  /** Rows of the border's vertices, as {@code stardist.geometry.dist_to_coord} computes them. */
  public float[] vertexRows() {
    float[] rows = new float[dist.length];
    for (int k = 0; k < rows.length; k++) {
      rows[k] = y + (float) (dist[k] * Math.sin(k * (2 * Math.PI / dist.length)));
    }
    return rows;
  }

  /** Columns of the border's vertices. */
  public float[] vertexColumns() {
    float[] columns = new float[dist.length];
    for (int k = 0; k < columns.length; k++) {
      columns[k] = x + (float) (dist[k] * Math.cos(k * (2 * Math.PI / dist.length)));
    }
    return columns;
  }
}
