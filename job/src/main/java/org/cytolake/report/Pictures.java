package org.cytolake.report;

import java.awt.Image;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.cytolake.intensity.Composite;
import org.cytolake.intensity.LookupTable;

/** Draws the composite and the channels of one image. */
final class Pictures {
  private static final String[] COLOURS = {"red", "green", "blue"};
  private static final int THUMBNAIL = 160;

  private final ReportSettings settings;
  private final ImageFacts facts;
  private final Map<String, Preview> previews;

  /**
   * @param previews by channel, all of one size
   */
  Pictures(ReportSettings settings, ImageFacts facts, Map<String, Preview> previews) {
    this.settings = settings;
    this.facts = facts;
    this.previews = previews;
  }

  List<Picture> all() {
    List<Picture> pictures = new ArrayList<>();
    pictures.add(
        picture(
            "composite",
            "Composite",
            "Contrast from the 1st to the 99.8th percentile of each channel: " + slots() + ".",
            composite()));
    for (String channel : settings.channels()) {
      Fact statistics = facts.statistics(channel);
      if (statistics != null) {
        Preview preview = previews.get(channel);
        BufferedImage grey =
            new BufferedImage(preview.width(), preview.height(), BufferedImage.TYPE_BYTE_GRAY);
        DoubleUnaryOperator contrast = contrast(statistics);
        for (int i = 0; i < preview.means().length; i++) {
          grey.getRaster()
              .getDataBuffer()
              .setElem(i, byteOf(contrast.applyAsDouble(preview.means()[i])));
        }
        pictures.add(
            picture(
                "channel",
                channel,
                String.format(
                    Locale.ROOT,
                    "Black is %.4g and below, white %.4g and above (1st and 99.8th percentile).",
                    statistics.number("p1"),
                    statistics.number("p99_8")),
                grey));
      }
    }
    transformed(pictures, "equalized", "composite", "Equalised composite", 255);
    for (String reference : settings.exploration().references()) {
      transformed(pictures, "normalized", reference, "Normalised to " + reference, 1);
    }
    return pictures;
  }

  /** A small version of the composite. */
  byte[] thumbnail() {
    BufferedImage composite = composite();
    double scale =
        Math.min(1, THUMBNAIL / (double) Math.max(composite.getWidth(), composite.getHeight()));
    int width = Math.max(1, (int) Math.round(composite.getWidth() * scale));
    int height = Math.max(1, (int) Math.round(composite.getHeight() * scale));
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    java.awt.Graphics2D graphics = small.createGraphics();
    graphics.drawImage(
        composite.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING), 0, 0, null);
    graphics.dispose();
    return Encoded.jpeg(small);
  }

  private void transformed(
      List<Picture> pictures, String transform, String reference, String title, double factor) {
    List<String> shown = settings.exploration().composite();
    LookupTable[] tables = new LookupTable[shown.size()];
    for (int c = 0; c < tables.length; c++) {
      tables[c] = facts.lookup(transform, reference, shown.get(c));
      if (tables[c].size() == 0) {
        return;
      }
    }
    boolean equalized = transform.equals("equalized");
    pictures.add(
        picture(
            transform,
            title,
            equalized
                ? "Every intensity is replaced by the share of pixels that are no brighter, over"
                    + " all channels together: faint structures come forward. Empty slots stay"
                    + " black."
                : "Intensities are clipped to the mean plus and minus "
                    + number(settings.exploration().offset())
                    + " standard deviations of "
                    + reference
                    + " and stretched to 0 to 255: what is brighter or darker than "
                    + reference
                    + " usually is becomes white or black.",
            composite((c, value) -> factor * tables[c].nearest(value), false)));
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private String slots() {
    List<String> shown = settings.exploration().composite();
    int[] slots = Composite.defaultSlots(shown.size());
    List<String> words = new ArrayList<>();
    for (int c = 0; c < slots.length; c++) {
      words.add(shown.get(c) + " " + COLOURS[slots[c]]);
    }
    return String.join(", ", words);
  }

  /** With contrast. */
  BufferedImage composite() {
    List<String> shown = settings.exploration().composite();
    DoubleUnaryOperator[] contrasts = new DoubleUnaryOperator[shown.size()];
    for (int c = 0; c < contrasts.length; c++) {
      contrasts[c] = contrast(facts.statistics(shown.get(c)));
    }
    return composite((c, value) -> contrasts[c].applyAsDouble(value), true);
  }

  /** What a channel's value becomes, 0 to 255. */
  interface Tone {
    double of(int channel, double value);
  }

  private BufferedImage composite(Tone tone, boolean means) {
    List<String> shown = settings.exploration().composite();
    int[] slots = Composite.defaultSlots(shown.size());
    Preview first = previews.get(shown.get(0));
    int[] rgb = new int[first.means().length];
    for (int c = 0; c < slots.length; c++) {
      Preview preview = previews.get(shown.get(c));
      double[] values = means ? preview.means() : preview.samples();
      int shift = 8 * (2 - slots[c]);
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] |= byteOf(tone.of(c, values[i])) << shift;
      }
    }
    BufferedImage picture =
        new BufferedImage(first.width(), first.height(), BufferedImage.TYPE_INT_RGB);
    picture.setRGB(0, 0, first.width(), first.height(), rgb, 0, first.width());
    return picture;
  }

  /** From the 1st to the 99.8th percentile; black where the channel has no statistics. */
  static DoubleUnaryOperator contrast(Fact statistics) {
    if (statistics == null) {
      return value -> 0;
    }
    double low = statistics.number("p1");
    double high = statistics.number("p99_8");
    double range = high > low ? high - low : 1;
    return value -> 255 * (value - low) / range;
  }

  /** Rounded and clipped; 0 for NaN. */
  static int byteOf(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }

  private static Picture picture(String id, String title, String caption, BufferedImage picture) {
    return new Picture(
        id, title, caption, "jpeg", Encoded.jpeg(picture), picture.getWidth(), picture.getHeight());
  }
}
