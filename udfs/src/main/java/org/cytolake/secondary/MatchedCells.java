package org.cytolake.secondary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cytolake.image.LabelImage;

/**
 * Cells that were found without regard to nuclei, as by a network, under the nuclei's labels.
 *
 * <p>A nucleus belongs to the object that covers most of it, of several the one of the smallest
 * label, if that is half of it or more. An object's pixels are those of its nucleus' cell; of
 * several nuclei they go to the one that is nearest within the object. All pixels of a nucleus are
 * its cell's; a nucleus without an object is its own cell; an object without a nucleus is none.
 */
public final class MatchedCells {
  private static final CellMethod NEAREST_WITHIN = new CellMethod.Propagate(1, 0);

  private final LabelImage nuclei;
  private final LabelImage objects;
  private final LabelImage cells;
  private final Map<Integer, List<Integer>> nucleiOf; // by object

  private MatchedCells(LabelImage nuclei, LabelImage objects) {
    this.nuclei = nuclei;
    this.objects = objects;
    this.cells = new LabelImage(nuclei.height(), nuclei.width());
    this.nucleiOf = nucleiOf();
  }

  /**
   * The cells.
   *
   * @param nuclei label image; it stays as it is
   * @param objects label image of the same size; it stays as it is
   * @throws IllegalArgumentException where the sizes differ
   */
  public static LabelImage of(LabelImage nuclei, LabelImage objects) {
    if (nuclei.height() != objects.height() || nuclei.width() != objects.width()) {
      throw new IllegalArgumentException("label images of two sizes");
    }
    return new MatchedCells(nuclei, objects).matched();
  }

  private Map<Integer, List<Integer>> nucleiOf() {
    int[] sizes = new int[nuclei.maxLabel() + 1];
    List<Map<Integer, Integer>> covered = new ArrayList<>(); // by nucleus: pixels by object
    for (int nucleus = 0; nucleus < sizes.length; nucleus++) {
      covered.add(new HashMap<>());
    }
    for (int i = 0; i < nuclei.labels().length; i++) {
      int nucleus = nuclei.at(i);
      sizes[nucleus]++;
      if (nucleus > 0 && objects.at(i) > 0) {
        covered.get(nucleus).merge(objects.at(i), 1, Integer::sum);
      }
    }
    Map<Integer, List<Integer>> byObject = new HashMap<>();
    for (int nucleus = 1; nucleus < sizes.length; nucleus++) {
      int object = 0;
      int most = 0;
      for (Map.Entry<Integer, Integer> of : covered.get(nucleus).entrySet()) {
        int pixels = of.getValue();
        if (pixels > most || (pixels == most && of.getKey() < object)) {
          object = of.getKey();
          most = pixels;
        }
      }
      if (most > 0 && 2L * most >= sizes[nucleus]) {
        byObject.computeIfAbsent(object, o -> new ArrayList<>()).add(nucleus);
      }
    }
    return byObject;
  }

  private LabelImage matched() {
    int[] only = new int[objects.maxLabel() + 1]; // by object: its nucleus; -1: several
    nucleiOf.forEach((object, of) -> only[object] = of.size() == 1 ? of.get(0) : -1);
    Map<Integer, Bounds> shared = new HashMap<>();
    for (int i = 0; i < cells.labels().length; i++) {
      int nucleus = nuclei.at(i);
      int owner = only[objects.at(i)];
      cells.labels()[i] = nucleus > 0 ? nucleus : Math.max(0, owner);
      if (owner < 0) {
        shared
            .computeIfAbsent(objects.at(i), o -> new Bounds())
            .add(i / cells.width(), i % cells.width());
      }
    }
    shared.forEach(this::divide);
    return cells;
  }

  /** Gives the pixels of an object to the nearest of its nuclei. */
  private void divide(int object, Bounds of) {
    LabelImage seeds = new LabelImage(of.bottom - of.top, of.right - of.left);
    int pixels = seeds.labels().length;
    boolean[] inside = new boolean[pixels];
    List<Integer> own = nucleiOf.get(object);
    for (int i = 0; i < pixels; i++) {
      int at = of.at(i, seeds.width(), cells.width());
      inside[i] = objects.at(at) == object;
      seeds.labels()[i] = inside[i] && own.contains(nuclei.at(at)) ? nuclei.at(at) : 0;
    }
    LabelImage grown =
        NEAREST_WITHIN.grow(
            seeds, new CellChannel(seeds.height(), seeds.width(), new float[pixels], inside));
    for (int i = 0; i < pixels; i++) {
      int at = of.at(i, seeds.width(), cells.width());
      if (inside[i] && nuclei.at(at) == 0) {
        cells.labels()[at] = grown.at(i);
      }
    }
  }

  /** Of an object. */
  private static final class Bounds {
    int top = Integer.MAX_VALUE;
    int left = Integer.MAX_VALUE;
    int bottom;
    int right;

    void add(int y, int x) {
      top = Math.min(top, y);
      left = Math.min(left, x);
      bottom = Math.max(bottom, y + 1);
      right = Math.max(right, x + 1);
    }

    int at(int inside, int width, int planeWidth) {
      return (top + inside / width) * planeWidth + left + inside % width;
    }
  }
}
