package org.cytolake.source;

import java.io.Serializable;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;

/**
 * A rectangle of one plane of a field, at one z and t; or, with {@code failure} set, the single row
 * of a failed image.
 *
 * @param x left column, pixels; likewise the others
 */
record Tile(Field field, Failure failure, int z, int t, int x, int y, int width, int height)
    implements Serializable {

  static Tile of(Field field, int z, int t, int x, int y, int width, int height) {
    return new Tile(field, null, z, t, x, y, width, height);
  }

  static Tile failed(Failure failure) {
    return new Tile(null, failure, 0, 0, 0, 0, 1, 1);
  }

  /** Whether it is all of its plane. */
  boolean isWhole() {
    return x == 0 && y == 0 && width == field.sizeX() && height == field.sizeY();
  }

  /** Whether both are of one plane. */
  boolean isOfPlaneOf(Tile other) {
    return field != null
        && other != null
        && other.field != null
        && image().equals(other.image())
        && z == other.z
        && t == other.t;
  }

  int pixels() {
    return width * height;
  }

  /** The image's id. */
  String image() {
    return field == null ? failure.image() : field.image();
  }

  /** The value of the image-wide column at the given place among image, groups, series, z, t. */
  Object constant(int column, int groups) {
    if (column == 0) {
      return image();
    }
    if (column <= groups) {
      return (field == null ? failure.groups() : field.groups()).get(column - 1);
    }
    return switch (column - groups) {
      case 1 -> field == null ? 0 : field.series();
      case 2 -> field == null ? 0 : z + field.firstZ();
      default -> t;
    };
  }
}
