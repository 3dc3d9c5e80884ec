package org.cytolake.source.read;

import java.io.Serializable;
import java.util.Optional;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;

/**
 * A rectangle of one plane of a field, at one z and t; or, with {@code failure} set, the single row
 * of a failed image.
 *
 * @param x left column, pixels; likewise the others
 */
public record Tile(Field field, Failure failure, int z, int t, int x, int y, int width, int height)
    implements Serializable {

  public static Tile of(Field field, int z, int t, int x, int y, int width, int height) {
    return new Tile(field, null, z, t, x, y, width, height);
  }

  public static Tile failed(Failure failure) {
    return new Tile(null, failure, 0, 0, 0, 0, 1, 1);
  }

  /** Whether it is all of its plane. */
  public boolean isWhole() {
    return x == 0 && y == 0 && width == field.sizeX() && height == field.sizeY();
  }

  /** Whether both are of one plane. */
  public boolean isOfPlaneOf(Tile other) {
    return field != null
        && other != null
        && other.field != null
        && image().equals(other.image())
        && z == other.z
        && t == other.t;
  }

  /** What of it lies within bounds; empty where nothing does. */
  public Optional<Tile> within(Bounds bounds) {
    int left = Math.max(x, bounds.minX());
    int top = Math.max(y, bounds.minY());
    int right = (int) Math.min(x + width, bounds.maxX() + 1L);
    int bottom = (int) Math.min(y + height, bounds.maxY() + 1L);
    return left < right && top < bottom
        ? Optional.of(of(field, z, t, left, top, right - left, bottom - top))
        : Optional.empty();
  }

  public int pixels() {
    return width * height;
  }

  /** The image's id. */
  public String image() {
    return field == null ? failure.image() : field.image();
  }

  /** The value of the image-wide column at the given place among image, groups, series, z, t. */
  public Object constant(int column, int groups) {
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
