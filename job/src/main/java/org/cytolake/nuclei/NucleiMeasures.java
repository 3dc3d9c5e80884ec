package org.cytolake.nuclei;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.field.Field;
import org.cytolake.image.LabelImage;
import org.cytolake.image.Plane;
import org.cytolake.image.Region;
import org.cytolake.stardist.Outline;
import org.cytolake.stardist.OutlinedObject;
import org.cytolake.stardist.StarDist;
import org.cytolake.stardist.Window;
import org.cytolake.tables.PlaneRows;
import org.cytolake.tables.Table;

/**
 * The measures of one plane's nuclei: rows of {@code nuclei}, of {@code colocalization} within
 * nuclei, and what they say together. A plane that fits memory is one block.
 */
public final class NucleiMeasures {
  private final NucleiSettings settings;
  private final Field field;
  private final PlanePixels pixels;
  private final NucleiFinder.Found found;
  private final long most;
  private final BitSet leftOut = new BitSet(); // numbers
  private Optional<LabelImage> whole = Optional.empty();

  public NucleiMeasures(
      NucleiSettings settings, Field field, PlanePixels pixels, NucleiFinder.Found found) {
    this(settings, field, pixels, found, NucleiBlock.MAX_PIXELS);
  }

  /**
   * In blocks of a size.
   *
   * @param most pixels of a plane that is one block; squares by which the nuclei of a larger one
   *     are divided have a sixteenth of them
   */
  NucleiMeasures(
      NucleiSettings settings,
      Field field,
      PlanePixels pixels,
      NucleiFinder.Found found,
      long most) {
    this.most = most;
    this.settings = settings;
    this.field = field;
    this.pixels = pixels;
    this.found = found;
  }

  /**
   * Measures.
   *
   * @param pairs indices of the channels of pairs whose thresholds are known
   * @param thresholds of the whole plane for each of those; empty for one without pixels
   * @param rows receives the rows of both tables
   * @param nuclei receives the figures of every nucleus
   * @param around what is measured around nuclei, too
   */
  public void measure(
      List<int[]> pairs,
      List<Optional<Colocalization.Thresholds>> thresholds,
      PlaneRows rows,
      NucleiFigures.Gathered nuclei,
      Optional<Surroundings> around)
      throws ImageReadException {
    for (PaintedNuclei all : blocks(around)) {
      List<Plane> samples = new ArrayList<>();
      for (int c = 0; c < settings.channels().size(); c++) {
        samples.add(pixels.read(c, all.window()));
      }
      PaintedNuclei block =
          around.isEmpty() ? all : without(around.get().measure(all, samples), all);
      Optional<PaintedNuclei> rings =
          settings.ring() == 0 ? Optional.empty() : Optional.of(block.rings(settings.ring()));
      new NucleusRows(
              rows.of(Table.NUCLEI), field, settings.channels(), settings.segmented().get(0))
          .add(block, rings, samples, row -> rows.add(Table.NUCLEI, row), nuclei);
      colocalization(Region.WHOLE, block, samples, pairs, thresholds, rows);
      if (rings.isPresent()) {
        colocalization(Region.RING, rings.get(), samples, pairs, thresholds, rows);
      }
    }
  }

  private void colocalization(
      String region,
      PaintedNuclei nuclei,
      List<Plane> samples,
      List<int[]> pairs,
      List<Optional<Colocalization.Thresholds>> thresholds,
      PlaneRows rows) {
    new NucleusColocalization(nuclei, settings.channels(), samples, rows.of(Table.COLOCALIZATION))
        .all(region, pairs, thresholds, row -> rows.add(Table.COLOCALIZATION, row));
  }

  /** The same without nuclei of some numbers, which vanish from the label images, too. */
  private PaintedNuclei without(BitSet numbers, PaintedNuclei nuclei) {
    if (numbers.isEmpty()) {
      return nuclei;
    }
    leftOut.or(numbers);
    BitSet labels = new BitSet();
    for (int label = 1; label <= nuclei.stars().size(); label++) {
      labels.set(label, numbers.get(nuclei.number(label)));
    }
    return nuclei.except(labels);
  }

  private Iterable<PaintedNuclei> blocks(Optional<Surroundings> around) {
    if (pixels.whole().pixels() <= most) {
      PaintedNuclei all = PaintedNuclei.whole(found.stars(), pixels.height(), pixels.width());
      whole = Optional.of(all.labels());
      return List.of(all);
    }
    List<NucleiBlock> blocks =
        NucleiBlock.divide(
            found.stars(),
            pixels.height(),
            pixels.width(),
            // what lies within a ring's width of a ring decides whose it is
            Math.max(2 * settings.ring(), around.map(a -> a.margin(longest())).orElse(0)),
            (int) Math.sqrt(most / 16.0));
    return () ->
        blocks.stream().map(b -> PaintedNuclei.of(b, pixels.height(), pixels.width())).iterator();
  }

  /** The longest side of a nucleus, pixels. */
  private int longest() {
    return found.stars().stream()
        .flatMap(star -> StarDist.bounds(star, pixels.height(), pixels.width()).stream())
        .mapToInt(bounds -> Math.max(bounds.height(), bounds.width()))
        .max()
        .orElse(0);
  }

  /** The largest number of a nucleus; 0 where there is none. */
  public int largest() {
    return found.stars().size();
  }

  /** The nuclei in a window by their numbers in the table, 0 outside; after {@link #measure}. */
  public LabelImage labels(Window window) {
    LabelImage labels =
        whole.isPresent() && window.equals(pixels.whole()) ? whole.get() : paint(window);
    if (leftOut.isEmpty()) {
      return labels;
    }
    LabelImage fewer = new LabelImage(labels.height(), labels.width());
    for (int i = 0; i < fewer.labels().length; i++) {
      fewer.labels()[i] = leftOut.get(labels.at(i)) ? 0 : labels.at(i);
    }
    return fewer;
  }

  /** All nuclei in a window, those that were left out among them. */
  public LabelImage paint(Window window) {
    List<Outline> outlines = new ArrayList<>();
    for (int i = 0; i < found.stars().size(); i++) {
      OutlinedObject star = found.stars().get(i);
      int number = i + 1;
      StarDist.bounds(star, pixels.height(), pixels.width())
          .filter(window::meets)
          .ifPresent(b -> outlines.add(Outline.of(star, number)));
    }
    return StarDist.paintOutlines(outlines, window);
  }

  /**
   * A window with a margin, wide enough for all of the nuclei that come within the margin.
   *
   * @throws IllegalArgumentException where it would have more than {@link NucleiBlock#MAX_PIXELS}
   */
  public Window around(Window window, int margin) {
    Window wide = NucleiBlock.grown(window, margin, pixels.height(), pixels.width());
    Window all = wide;
    for (OutlinedObject star : found.stars()) {
      Optional<Window> bounds = StarDist.bounds(star, pixels.height(), pixels.width());
      if (bounds.isPresent() && bounds.get().meets(wide)) {
        all = all.and(bounds.get());
      }
    }
    return NucleiBlock.requireSmall(
        NucleiBlock.grown(all, margin, pixels.height(), pixels.width()));
  }
}
