package org.cytolake.bioformats;

import java.util.List;
import java.util.OptionalLong;
import org.cytolake.image.Plane;
import org.cytolake.stardist.Window;

/** The pixels of one plane, in every channel. Not thread-safe. */
public interface PlanePixels {
  /** Rows of the plane. */
  int height();

  /** Columns of the plane. */
  int width();

  /**
   * A channel's intensities in a window.
   *
   * @param channel index of the channel
   * @return row by row; valid until the next call for that channel
   * @throws ImageReadException where the file cannot be read
   */
  Plane read(int channel, Window window) throws ImageReadException;

  /**
   * Pixels of all channels that a correction of uneven light set to an end of the pixel type's
   * range; empty where nothing was corrected.
   */
  default OptionalLong clipped() {
    return OptionalLong.empty();
  }

  /** All of the plane. */
  default Window whole() {
    return Window.whole(height(), width());
  }

  /**
   * Of a plane in memory.
   *
   * @param channels row by row; not copied
   */
  static PlanePixels of(List<? extends Plane> channels, int height, int width) {
    return new PlanesInMemory(List.copyOf(channels), height, width);
  }
}
