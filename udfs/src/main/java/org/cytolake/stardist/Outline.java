package org.cytolake.stardist;

import java.util.Optional;

/**
 * An object's outline and its number in a label image.
 *
 * @param label 1 or more
 * @param prob object probability, 0 to 1
 * @param rows of the polygon's vertices, pixels
 * @param columns as many
 */
@SuppressWarnings("ArrayRecordComponent") // identified by its label
public record Outline(int label, float prob, float[] rows, float[] columns) {
  public Outline {
    if (label < 1 || rows.length != columns.length) {
      throw new IllegalArgumentException(
          "an outline has a label from 1 and as many rows as columns, not label "
              + label
              + ", "
              + rows.length
              + " rows and "
              + columns.length
              + " columns");
    }
  }

  /** Of an object. */
  public static Outline of(OutlinedObject object, int label) {
    return new Outline(label, object.prob(), object.vertexRows(), object.vertexColumns());
  }

  /** Where its pixels lie in a plane of that size; empty where there are none. */
  public Optional<Window> bounds(int height, int width) {
    return Optional.ofNullable(PolygonFill.bounds(rows, columns, height, width));
  }
}
