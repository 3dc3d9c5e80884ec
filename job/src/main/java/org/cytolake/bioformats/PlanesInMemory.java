package org.cytolake.bioformats;

import java.util.List;
import org.cytolake.image.Plane;
import org.cytolake.stardist.Window;

/**
 * A plane in memory.
 *
 * @param channels row by row
 */
record PlanesInMemory(List<Plane> channels, int height, int width) implements PlanePixels {
  @Override
  public Plane read(int channel, Window window) {
    Plane whole = channels.get(channel);
    return window.height() == height && window.width() == width
        ? whole
        : new Cut(whole, window.top() * width + window.left(), window.width(), width);
  }

  /**
   * A rectangle of a plane.
   *
   * @param first index of its first pixel in the plane
   * @param columns of the rectangle
   * @param step columns of the plane
   */
  private record Cut(Plane whole, int first, int columns, int step) implements Plane {
    private int index(int at) {
      return first + at / columns * step + at % columns;
    }

    @Override
    public double at(int index) {
      return whole.at(index(index));
    }

    @Override
    public void read(int from, int count, double[] into, int to) {
      for (int done = 0; done < count; ) {
        int part = Math.min(count - done, columns - (from + done) % columns);
        whole.read(index(from + done), part, into, to + done);
        done += part;
      }
    }

    @Override
    public void floats(int from, int count, float[] into, int to) {
      for (int done = 0; done < count; ) {
        int part = Math.min(count - done, columns - (from + done) % columns);
        whole.floats(index(from + done), part, into, to + done);
        done += part;
      }
    }
  }
}
