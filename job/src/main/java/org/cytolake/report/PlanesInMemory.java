package org.cytolake.report;

import java.util.List;
import org.cytolake.image.Plane;

/**
 * Whole planes in memory.
 *
 * @param channels row by row
 */
record PlanesInMemory(List<Plane> channels, int width, int height) implements PlanePixels {
  @Override
  public Plane read(int channel, int x, int y, int columns, int rows) {
    Plane whole = channels.get(channel);
    return columns == width && rows == height
        ? whole
        : new Cut(whole, y * width + x, columns, width);
  }

  /**
   * A rectangle of a plane.
   *
   * @param first index of its first pixel in the plane
   * @param columns of the rectangle
   * @param step columns of the plane
   */
  private record Cut(Plane whole, int first, int columns, int step) implements Plane {
    @Override
    public double at(int index) {
      return whole.at(first + index / columns * step + index % columns);
    }

    @Override
    public void read(int from, int count, double[] into, int to) {
      for (int done = 0; done < count; ) {
        int column = (from + done) % columns;
        int part = Math.min(count - done, columns - column);
        whole.read(first + (from + done) / columns * step + column, part, into, to + done);
        done += part;
      }
    }
  }
}
