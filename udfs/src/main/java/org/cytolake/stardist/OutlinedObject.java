package org.cytolake.stardist;

/** What a network found: an object with a probability, a centre and an outline. */
public interface OutlinedObject {
  /** Object probability, 0 to 1. */
  float prob();

  /** Row of the centre, pixels. */
  int y();

  /** Column of the centre, pixels. */
  int x();

  /**
   * Rows of the outline's vertices, pixels, not closed; the object's pixels are those of the
   * polygon by the rule of {@code skimage.draw.polygon}.
   */
  float[] vertexRows();

  /** Columns of the outline's vertices. */
  float[] vertexColumns();
}
