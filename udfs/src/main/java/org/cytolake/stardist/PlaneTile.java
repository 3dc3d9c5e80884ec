package org.cytolake.stardist;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A rectangle of a padded plane for the network. The prediction for its core is that of the whole
 * plane at once: what the network cannot see lies beyond its receptive field, and where the plane
 * ends the tile ends too.
 *
 * @param imageHeight rows of the plane without padding; likewise {@code imageWidth}
 * @param multiple to which the plane is padded at the bottom and on the right
 */
public record PlaneTile(int imageHeight, int imageWidth, int multiple, Span rows, Span columns)
    implements Serializable {
  public PlaneTile {
    if (rows.end() > Span.padded(imageHeight, multiple)
        || columns.end() > Span.padded(imageWidth, multiple)
        || rows.start() >= imageHeight
        || columns.start() >= imageWidth) {
      throw new IllegalArgumentException(
          "the tile " + rows + " x " + columns + " is not of " + imageWidth + " x " + imageHeight);
    }
  }

  /** The whole plane as one tile. */
  public static PlaneTile whole(int height, int width, int multiple) {
    int paddedHeight = Span.padded(height, multiple);
    int paddedWidth = Span.padded(width, multiple);
    return new PlaneTile(
        height,
        width,
        multiple,
        new Span(0, paddedHeight, 0, paddedHeight),
        new Span(0, paddedWidth, 0, paddedWidth));
  }

  /**
   * Cuts a plane into tiles of at most {@code side} x {@code side} pixels, row by row.
   *
   * @see Span#cut
   */
  public static List<PlaneTile> cut(int height, int width, int multiple, int halo, int side) {
    List<PlaneTile> tiles = new ArrayList<>();
    List<Span> columns = Span.cut(width, multiple, halo, side);
    for (Span row : Span.cut(height, multiple, halo, side)) {
      for (Span column : columns) {
        tiles.add(new PlaneTile(height, width, multiple, row, column));
      }
    }
    return tiles;
  }

  /** The pixels of the plane that the network sees, padding apart. */
  public Window window() {
    return new Window(
        rows.start(),
        columns.start(),
        Math.min(rows.end(), imageHeight) - rows.start(),
        Math.min(columns.end(), imageWidth) - columns.start());
  }

  /**
   * Whether all pixels within a distance of a pixel belong to the core or lie beyond the plane.
   *
   * @param distance pixels, 0 or more
   */
  boolean reaches(int y, int x, double distance) {
    return reaches(rows, Span.padded(imageHeight, multiple), y, distance)
        && reaches(columns, Span.padded(imageWidth, multiple), x, distance);
  }

  private static boolean reaches(Span span, int padded, int place, double distance) {
    return (span.coreStart() == 0 || place - distance >= span.coreStart())
        && (span.coreEnd() == padded || place + distance < span.coreEnd());
  }
}
