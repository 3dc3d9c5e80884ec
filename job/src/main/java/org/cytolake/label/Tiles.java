package org.cytolake.label;

import java.util.ArrayList;
import java.util.List;
import org.cytolake.bioformats.LabelWriter;
import org.cytolake.source.Field;
import org.cytolake.source.ImageReadException;
import org.cytolake.source.PlaneReader;
import org.cytolake.source.Samples;
import org.cytolake.stardist.Window;

/** The pieces in which planes are painted: a small plane as a whole. */
final class Tiles {
  private Tiles() {}

  /** Row by row, as {@link LabelWriter#write} wants them. */
  static List<Window> of(Field field) {
    if (field.planePixels() <= LabelWriter.WHOLE) {
      return List.of(Window.whole(field.sizeY(), field.sizeX()));
    }
    List<Window> tiles = new ArrayList<>();
    for (int y = 0; y < field.sizeY(); y += LabelWriter.TILE) {
      for (int x = 0; x < field.sizeX(); x += LabelWriter.TILE) {
        tiles.add(
            new Window(
                y,
                x,
                Math.min(LabelWriter.TILE, field.sizeY() - y),
                Math.min(LabelWriter.TILE, field.sizeX() - x)));
      }
    }
    return tiles;
  }

  /**
   * Reads the samples of some channels in a window of a plane.
   *
   * @param channels indices in the field
   */
  static void read(
      PlaneReader reader,
      Field field,
      List<Integer> channels,
      PlaneSheet sheet,
      Window window,
      List<Samples> samples)
      throws ImageReadException {
    for (int c = 0; c < channels.size(); c++) {
      reader.read(
          field,
          channels.get(c),
          sheet.z(),
          sheet.t(),
          window.left(),
          window.top(),
          window.width(),
          window.height(),
          samples.get(c));
    }
  }
}
