package org.cytolake.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.Field;
import org.cytolake.intensity.Composite;

/** Cuts example cells out of an image, with the nucleus and the ring around it marked. */
final class Gallery {
  /** Cells of one image. */
  static final int CELLS = 10;

  private static final int MARGIN = 9;
  private static final int SIDE = 168;
  private static final int LARGEST_CROP = 400;
  private static final Color OUTLINE = new Color(0xffe14d);
  private static final Color RING = new Color(0x6ff0ff);

  /**
   * A cell cut out.
   *
   * @param nucleus its row in {@code nuclei}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Cell(Fact nucleus, byte[] png, int width, int height) {}

  private final ReportSettings settings;
  private final ImageFacts facts;

  Gallery(ReportSettings settings, ImageFacts facts) {
    this.settings = settings;
    this.facts = facts;
  }

  /** From the smallest to the largest nucleus, evenly by rank; those cut by the border left out. */
  List<Fact> examples() {
    List<Fact> whole = new ArrayList<>();
    for (Fact nucleus : facts.all("nuclei")) {
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

  List<Cell> cells(PlaneReader reader, Field field, List<Samples> into) throws ImageReadException {
    List<Cell> cells = new ArrayList<>();
    for (Fact nucleus : examples()) {
      cells.add(cell(nucleus, reader, field, into));
    }
    return cells;
  }

  private Cell cell(Fact nucleus, PlaneReader reader, Field field, List<Samples> into)
      throws ImageReadException {
    int margin = MARGIN + settings.ring();
    int x0 = Math.max(0, (int) nucleus.number("bbox_x0") - margin);
    int y0 = Math.max(0, (int) nucleus.number("bbox_y0") - margin);
    int x1 = Math.min(field.sizeX(), (int) nucleus.number("bbox_x1") + margin);
    int y1 = Math.min(field.sizeY(), (int) nucleus.number("bbox_y1") + margin);
    BufferedImage crop = crop(reader, field, into, x0, y0, x1 - x0, y1 - y0);
    double scale = Math.max(1, SIDE / (double) Math.max(crop.getWidth(), crop.getHeight()));
    int width = (int) Math.round(crop.getWidth() * scale);
    int height = (int) Math.round(crop.getHeight() * scale);
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    graphics.drawImage(crop, 0, 0, width, height, null);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    AffineTransform place = AffineTransform.getScaleInstance(scale, scale);
    place.translate(0.5 - x0, 0.5 - y0); // a pixel's centre lies in its middle
    graphics.setColor(RING);
    graphics.setStroke(
        new BasicStroke(
            1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {4, 3}, 0));
    if (settings.ring() > 0) {
      graphics.draw(place.createTransformedShape(ring(nucleus, x0, y0, x1, y1)));
    }
    graphics.setColor(OUTLINE);
    graphics.setStroke(new BasicStroke(1.6f));
    graphics.draw(place.createTransformedShape(outline(nucleus)));
    graphics.dispose();
    return new Cell(nucleus, Encoded.png(picture), width, height);
  }

  private BufferedImage crop(
      PlaneReader reader, Field field, List<Samples> into, int x, int y, int width, int height)
      throws ImageReadException {
    List<String> shown = settings.exploration().composite();
    int[] slots = Composite.defaultSlots(shown.size());
    int[] rgb = new int[width * height];
    for (int c = 0; c < slots.length; c++) {
      int channel = settings.channels().indexOf(shown.get(c));
      DoubleUnaryOperator contrast = Pictures.contrast(facts.statistics(shown.get(c)));
      Samples samples = into.get(channel);
      reader.read(field, channel, facts.key().z(), facts.key().t(), x, y, width, height, samples);
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] |= Pictures.byteOf(contrast.applyAsDouble(samples.at(i))) << (8 * (2 - slots[c]));
      }
    }
    BufferedImage crop = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    crop.setRGB(0, 0, width, height, rgb, 0, width);
    return crop;
  }

  /** The polygon of a nucleus, in pixels of the image. */
  private static Path2D outline(Fact nucleus) {
    Path2D outline = new Path2D.Double();
    for (int v = 0; v + 1 < nucleus.tailSize(); v += 2) {
      if (v == 0) {
        outline.moveTo(nucleus.tail(1), nucleus.tail(0));
      } else {
        outline.lineTo(nucleus.tail(v + 1), nucleus.tail(v));
      }
    }
    if (nucleus.tailSize() > 1) {
      outline.closePath();
    }
    return outline;
  }

  /** What lies within the ring's width of the nucleus and in no nucleus. */
  private Area ring(Fact nucleus, int x0, int y0, int x1, int y1) {
    Path2D outline = outline(nucleus);
    Area ring =
        new Area(
            new BasicStroke(2f * settings.ring(), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
                .createStrokedShape(outline));
    ring.add(new Area(outline));
    ring.intersect(new Area(new java.awt.Rectangle(x0, y0, x1 - x0 - 1, y1 - y0 - 1)));
    for (Fact other : facts.all("nuclei")) {
      if (other.number("nucleus") != nucleus.number("nucleus")
          && other.number("bbox_x1") > x0
          && other.number("bbox_x0") < x1
          && other.number("bbox_y1") > y0
          && other.number("bbox_y0") < y1) {
        ring.subtract(new Area(outline(other)));
      }
    }
    return ring;
  }
}
