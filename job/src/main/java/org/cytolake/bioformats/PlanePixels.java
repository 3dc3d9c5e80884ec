package org.cytolake.bioformats;

import org.cytolake.field.Columns;

import org.cytolake.stardist.Window;

/** The pixels of one plane, in every channel. Not thread-safe. */
public interface PlanePixels {
  /** Rows of the plane. */
  int height();

  /** Columns of the plane. */
  int width();

  /**
   * A channel's samples in a window, row by row; valid until the next call for that channel.
   *
   * @param channel index of the channel
   * @throws ImageReadException where the file cannot be read
   */
  Samples read(int channel, Window window) throws ImageReadException;

  /** All of the plane. */
  default Window whole() {
    return Window.whole(height(), width());
  }
}
