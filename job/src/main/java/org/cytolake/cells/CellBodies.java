package org.cytolake.cells;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cytolake.image.LabelImage;
import org.cytolake.image.LimitException;
import org.cytolake.stardist.Outline;
import org.cytolake.stardist.OutlinedObject;
import org.cytolake.stardist.StarDist;
import org.cytolake.stardist.Window;

/** Cells that a network found in a plane, whatever its nuclei. */
final class CellBodies {
  /** Longest side of a cell of a plane that is cut into blocks, pixels. */
  private static final int MAX_SIDE = 512;

  private final List<? extends OutlinedObject> objects;
  private final List<Optional<Window>> bounds = new ArrayList<>();

  /**
   * @param objects in the order of their labels
   * @param height of the plane
   */
  CellBodies(List<? extends OutlinedObject> objects, int height, int width) {
    this.objects = objects;
    for (OutlinedObject object : objects) {
      bounds.add(StarDist.bounds(object, height, width));
    }
  }

  /**
   * How far from a pixel of a cell its other pixels are, at most.
   *
   * @throws LimitException where that is further than blocks of a plane have room for
   */
  int reach() {
    int reach = 0;
    for (Optional<Window> one : bounds) {
      Window window = one.orElse(new Window(0, 0, 1, 1));
      int side = Math.max(window.height(), window.width());
      if (side > MAX_SIDE) {
        throw new LimitException(
            "the plane is too large for one piece, and a cell near row "
                + window.top()
                + ", column "
                + window.left()
                + " spans "
                + window.width()
                + " x "
                + window.height()
                + " pixels, where a cell may cross "
                + MAX_SIDE
                + " from one piece to the next",
            "Choose a cells.model that suits the images, or leave it empty and set"
                + " cells.max-distance.");
      }
      reach = Math.max(reach, side);
    }
    return reach;
  }

  /** Those in a window, as the whole plane would show them. */
  LabelImage paint(Window window) {
    List<Outline> outlines = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      if (bounds.get(i).isPresent() && bounds.get(i).get().meets(window)) {
        outlines.add(Outline.of(objects.get(i), i + 1));
      }
    }
    return StarDist.paintOutlines(outlines, window);
  }
}
