package org.cytolake.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.facts.Fact;
import org.cytolake.facts.ImageFacts;
import org.cytolake.facts.ReportSettings;
import org.cytolake.image.LabelImage;
import org.cytolake.image.Plane;
import org.cytolake.intensity.Composite;
import org.cytolake.measure.Ring;
import org.cytolake.stardist.Outline;
import org.cytolake.stardist.StarDist;
import org.cytolake.stardist.Window;

/** Cuts example cells out of an image, with the nucleus and the ring around it marked. */
public final class Gallery {
  /** Cells of one image. */
  static final int CELLS = 10;

  private static final int MARGIN = 9;
  private static final int SIDE = 168;
  private static final int LARGEST_CROP = 400;
  private static final Color OUTLINE = new Color(0xffe14d);
  private static final int RING = 0x6ff0ff;

  /**
   * A cell cut out.
   *
   * @param nucleus its row in {@code nuclei}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Cell(Fact nucleus, byte[] png, int width, int height) {}

  private final ReportSettings settings;
  private final ImageFacts facts;
  private final PlanePixels pixels;
  private final List<Fact> nuclei; // by number, as they were painted

  public Gallery(ReportSettings settings, ImageFacts facts, PlanePixels pixels) {
    this.settings = settings;
    this.facts = facts;
    this.pixels = pixels;
    this.nuclei = new ArrayList<>(facts.all("nuclei"));
    this.nuclei.sort(Comparator.comparingDouble(n -> n.number("nucleus")));
  }

  /** From the smallest to the largest nucleus, evenly by rank; those cut by the border left out. */
  List<Fact> examples() {
    List<Fact> whole = new ArrayList<>();
    for (Fact nucleus : nuclei) {
      double side =
          Math.max(
              nucleus.number("bbox_y1") - nucleus.number("bbox_y0"),
              nucleus.number("bbox_x1") - nucleus.number("bbox_x0"));
      if (nucleus.number("touches_border") == 0 && side <= LARGEST_CROP) {
        whole.add(nucleus);
      }
    }
    whole.sort(Comparator.comparingDouble(n -> n.number("area_px")));
    List<Fact> examples = new ArrayList<>();
    int n = Math.min(CELLS, whole.size());
    for (int i = 0; i < n; i++) {
      examples.add(whole.get(n == 1 ? 0 : (int) ((long) i * (whole.size() - 1) / (n - 1))));
    }
    return examples;
  }

  public List<Cell> cells() throws ImageReadException {
    List<Cell> cells = new ArrayList<>();
    for (Fact nucleus : examples()) {
      cells.add(cell(nucleus));
    }
    return cells;
  }

  private Cell cell(Fact nucleus) throws ImageReadException {
    Window window = around(nucleus, MARGIN + settings.ring());
    double scale = Math.max(1, SIDE / (double) Math.max(window.width(), window.height()));
    int width = (int) Math.round(window.width() * scale);
    int height = (int) Math.round(window.height() * scale);
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] rgb = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
    enlarge(crop(window), window, rgb, width, height);
    if (settings.ring() > 0) {
      LabelImage ring = ring(nucleus, window);
      DashedContour.draw(ring, 1, scale, rgb, width, RING);
    }
    AffineTransform place = AffineTransform.getScaleInstance(scale, scale);
    place.translate(0.5 - window.left(), 0.5 - window.top()); // a pixel's centre is its middle
    Graphics2D graphics = picture.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(OUTLINE);
    graphics.setStroke(new BasicStroke(1.6f));
    graphics.draw(place.createTransformedShape(outline(nucleus)));
    graphics.dispose();
    return new Cell(nucleus, Png.rgb(rgb, width, height), width, height);
  }

  /** The bounding box and a margin, as far as they lie in the plane. */
  Window around(Fact nucleus, int margin) {
    int x0 = Math.max(0, (int) nucleus.number("bbox_x0") - margin);
    int y0 = Math.max(0, (int) nucleus.number("bbox_y0") - margin);
    int x1 = Math.min(pixels.width(), (int) nucleus.number("bbox_x1") + margin);
    int y1 = Math.min(pixels.height(), (int) nucleus.number("bbox_y1") + margin);
    return new Window(y0, x0, y1 - y0, x1 - x0);
  }

  private byte[] crop(Window window) throws ImageReadException {
    List<String> shown = settings.exploration().composite();
    int[] slots = Composite.defaultSlots(shown.size());
    double[] values = new double[window.width() * window.height()];
    byte[] rgb = new byte[3 * values.length];
    for (int c = 0; c < slots.length; c++) {
      int channel = settings.channels().indexOf(shown.get(c));
      Plane plane = pixels.read(channel, window);
      plane.read(0, values.length, values, 0);
      Fact statistics = facts.statistics(shown.get(c));
      Tones.contrast(values, values.length, statistics, rgb, slots[c], 3);
    }
    return rgb;
  }

  /** Pixels become squares. */
  private static void enlarge(byte[] crop, Window window, int[] rgb, int width, int height) {
    for (int y = 0, i = 0; y < height; y++) {
      int row = window.width() * (int) ((y + 0.5) * window.height() / height);
      for (int x = 0; x < width; x++, i++) {
        int at = 3 * (row + (int) ((x + 0.5) * window.width() / width));
        rgb[i] = (crop[at] & 0xff) << 16 | (crop[at + 1] & 0xff) << 8 | (crop[at + 2] & 0xff);
      }
    }
  }

  /** The ring that was measured, as 1 in a window around it. */
  public LabelImage ring(Fact nucleus, Window window) {
    Window wide = around(nucleus, MARGIN + 2 * settings.ring()); // with nuclei that share its ring
    List<Outline> outlines = new ArrayList<>();
    int own = 0;
    for (Fact other : nuclei) {
      if (other.number("bbox_x1") > wide.left()
          && other.number("bbox_x0") < wide.right()
          && other.number("bbox_y1") > wide.top()
          && other.number("bbox_y0") < wide.bottom()) {
        int label = outlines.size() + 1;
        own = other.row() == nucleus.row() ? label : own;
        outlines.add(outline(other, label));
      }
    }
    LabelImage rings = Ring.around(StarDist.paintOutlines(outlines, wide), settings.ring());
    LabelImage ring = new LabelImage(window.height(), window.width());
    for (int y = 0; y < window.height(); y++) {
      for (int x = 0; x < window.width(); x++) {
        int label = rings.at(y + window.top() - wide.top(), x + window.left() - wide.left());
        ring.set(y, x, label == own ? 1 : 0);
      }
    }
    return ring;
  }

  private static Outline outline(Fact nucleus, int label) {
    double[] polygon = nucleus.tail();
    float[] rows = new float[polygon.length / 2];
    float[] columns = new float[rows.length];
    for (int v = 0; v < rows.length; v++) {
      rows[v] = (float) polygon[2 * v];
      columns[v] = (float) polygon[2 * v + 1];
    }
    return new Outline(label, (float) nucleus.number("prob"), rows, columns);
  }

  /** The polygon of a nucleus, in pixels of the image. */
  private static Path2D outline(Fact nucleus) {
    double[] polygon = nucleus.tail();
    Path2D outline = new Path2D.Double();
    for (int v = 0; v + 1 < polygon.length; v += 2) {
      if (v == 0) {
        outline.moveTo(polygon[1], polygon[0]);
      } else {
        outline.lineTo(polygon[v + 1], polygon[v]);
      }
    }
    if (polygon.length > 1) {
      outline.closePath();
    }
    return outline;
  }
}
