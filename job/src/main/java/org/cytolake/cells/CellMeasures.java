package org.cytolake.cells;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.config.CellOptions.Border;
import org.cytolake.field.Field;
import org.cytolake.histogram.Histogram;
import org.cytolake.image.LabelImage;
import org.cytolake.image.LimitException;
import org.cytolake.image.Plane;
import org.cytolake.image.Region;
import org.cytolake.measure.LabelledPixels;
import org.cytolake.measure.Quantiles;
import org.cytolake.nuclei.NucleiMeasures;
import org.cytolake.nuclei.NucleusColocalization;
import org.cytolake.nuclei.PaintedNuclei;
import org.cytolake.nuclei.Surroundings;
import org.cytolake.secondary.MatchedCells;
import org.cytolake.stardist.OutlinedObject;
import org.cytolake.stardist.Window;
import org.cytolake.tables.PlaneRows;
import org.cytolake.tables.Table;

/**
 * The cells of one plane, found and measured block by block while its nuclei are: rows of {@code
 * cells}, {@code cytoplasm}, and {@code colocalization} within both.
 */
public final class CellMeasures implements Surroundings {
  private final CellSettings settings;
  private final Field field;
  private final List<String> channels;
  private final PlanePixels pixels;
  private final Optional<CellFinder> finder; // empty where a network has found them
  private final CellBodies bodies;
  private final List<int[]> pairs;
  private final List<Optional<Colocalization.Thresholds>> thresholds;
  private final PlaneRows rows;
  private final BitSet leftOut = new BitSet(); // numbers
  private final List<Double> areas = new ArrayList<>();
  private Optional<LabelImage> whole = Optional.empty();

  /**
   * @param channels names of all channels
   * @param histograms of the plane's channels
   * @param bodies cells that a network found, whatever their nuclei; empty: they grow from nuclei
   * @param pairs indices of the channels of pairs whose thresholds are known
   * @param thresholds of the whole plane for each of those; empty for one without pixels
   * @param rows receives the rows
   */
  public CellMeasures(
      CellSettings settings,
      Field field,
      List<String> channels,
      PlanePixels pixels,
      List<Histogram> histograms,
      Optional<List<? extends OutlinedObject>> bodies,
      List<int[]> pairs,
      List<Optional<Colocalization.Thresholds>> thresholds,
      PlaneRows rows) {
    this.settings = settings;
    this.field = field;
    this.channels = channels;
    this.pixels = pixels;
    this.finder =
        settings.network().isPresent()
            ? Optional.empty()
            : Optional.of(
                new CellFinder(settings, field.pixelType(), histograms.get(settings.channel())));
    this.bodies = new CellBodies(bodies.orElse(List.of()), pixels.height(), pixels.width());
    this.pairs = pairs;
    this.thresholds = thresholds;
    this.rows = rows;
  }

  @Override
  public int margin(int nucleus) {
    // who shares a nucleus' cell is looked at in whole
    return finder.isEmpty() ? bodies.reach() + nucleus : grownMargin();
  }

  private int grownMargin() {
    return settings
        .margin()
        .orElseThrow(
            () ->
                new LimitException(
                    "it has "
                        + pixels.whole().pixels()
                        + " pixels, too many to look for cells in all of it at once, and with"
                        + " cells.method = "
                        + settings.method()
                        + " there is no limit to how far a cell reaches",
                    "Set "
                        + (settings.method().equals("propagation")
                            ? "cells.max-distance"
                            : "cells.method = propagation and cells.max-distance")
                        + ", so that it can be cut into tiles."));
  }

  @Override
  public BitSet measure(PaintedNuclei nuclei, List<Plane> samples) {
    LabelImage found = find(nuclei.labels(), nuclei.window(), samples.get(settings.channel()));
    int largest = nuclei.stars().size();
    PaintedNuclei cells = nuclei.with(LabelledPixels.of(found, largest));
    BitSet atBorder = settings.border() == Border.KEEP ? new BitSet() : CellRows.atBorder(cells);
    PaintedNuclei cytoplasm =
        nuclei.with(LabelledPixels.of(difference(found, nuclei.labels()), largest));
    new CellRows(rows, field, channels).add(cells, cytoplasm, samples, atBorder::get, areas::add);
    colocalization(Region.CELL, cells.except(atBorder), samples);
    colocalization(Region.CYTOPLASM, cytoplasm.except(atBorder), samples);
    BitSet numbers = new BitSet();
    atBorder.stream().filter(nuclei::isOwn).forEach(label -> numbers.set(nuclei.number(label)));
    leftOut.or(numbers);
    if (nuclei.window().equals(pixels.whole())) {
      leaveOut(found);
      whole = Optional.of(found);
    }
    return settings.border() == Border.DROP_WITH_NUCLEUS ? numbers : new BitSet();
  }

  private LabelImage find(LabelImage nuclei, Window window, Plane channel) {
    return finder.isPresent()
        ? finder.get().find(nuclei, channel)
        : MatchedCells.of(nuclei, bodies.paint(window));
  }

  private static LabelImage difference(LabelImage cells, LabelImage nuclei) {
    LabelImage cytoplasm = new LabelImage(cells.height(), cells.width());
    int[] to = cytoplasm.labels();
    for (int i = 0; i < to.length; i++) {
      to[i] = nuclei.at(i) == 0 ? cells.at(i) : 0;
    }
    return cytoplasm;
  }

  private void colocalization(String region, PaintedNuclei objects, List<Plane> samples) {
    NucleusColocalization of =
        new NucleusColocalization(objects, channels, samples, rows.of(Table.COLOCALIZATION));
    of.all(region, pairs, thresholds, row -> rows.add(Table.COLOCALIZATION, row));
  }

  private void leaveOut(LabelImage cells) {
    if (leftOut.isEmpty()) {
      return;
    }
    int[] labels = cells.labels();
    for (int i = 0; i < labels.length; i++) {
      if (leftOut.get(labels[i])) {
        labels[i] = 0;
      }
    }
  }

  /** What the cells say together. */
  public CellFigures figures() {
    double[] all = areas.stream().mapToDouble(a -> a).toArray();
    double threshold = finder.map(CellFinder::threshold).orElse(Double.NaN);
    return new CellFigures(all.length, Quantiles.of(all, 0.5)[0], threshold);
  }

  /**
   * The cells in a window by their nuclei's numbers, 0 outside; after {@link #measure}.
   *
   * @param nuclei of the plane
   */
  public LabelImage labels(Window window, NucleiMeasures nuclei) throws ImageReadException {
    if (whole.isPresent() && window.equals(pixels.whole())) {
      return whole.get();
    }
    if (whole.isPresent()) {
      return cut(whole.get(), pixels.whole(), window);
    }
    // a hole is as far away from the window as the cell around it reaches
    int margin = finder.isEmpty() ? bodies.reach() : grownMargin() + grownMargin() / 2;
    Window wide = nuclei.around(window, margin);
    LabelImage cells = find(nuclei.paint(wide), wide, pixels.read(settings.channel(), wide));
    leaveOut(cells);
    return cut(cells, wide, window);
  }

  private static LabelImage cut(LabelImage from, Window outer, Window window) {
    LabelImage part = new LabelImage(window.height(), window.width());
    for (int y = 0; y < window.height(); y++) {
      System.arraycopy(
          from.labels(),
          (window.top() - outer.top() + y) * outer.width() + window.left() - outer.left(),
          part.labels(),
          y * window.width(),
          window.width());
    }
    return part;
  }
}
