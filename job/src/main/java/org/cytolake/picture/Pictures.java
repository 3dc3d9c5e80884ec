package org.cytolake.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cytolake.facts.Fact;
import org.cytolake.facts.ImageFacts;
import org.cytolake.facts.ReportSettings;
import org.cytolake.intensity.Composite;
import org.cytolake.intensity.LookupTable;

/** Draws the composite and the channels of one image. */
public final class Pictures {
  private static final String[] COLOURS = {"red", "green", "blue"};
  private static final int THUMBNAIL = 160;
  private static final int TILE = 64;

  private final ReportSettings settings;
  private final ImageFacts facts;
  private final List<Preview> previews;
  private final Encoded encoded;
  private final List<String> shown;
  private final int[] slots;
  private final int width;
  private final int height;
  private final byte[] composite; // with contrast

  /**
   * @param previews of every channel, all of one size
   */
  public Pictures(
      ReportSettings settings, ImageFacts facts, List<Preview> previews, Encoded encoded) {
    this.settings = settings;
    this.facts = facts;
    this.previews = previews;
    this.encoded = encoded;
    this.shown = settings.exploration().composite();
    this.slots = Composite.defaultSlots(shown.size());
    this.width = previews.get(0).width();
    this.height = previews.get(0).height();
    this.composite = composite();
  }

  public List<Picture> all() {
    List<Picture> pictures = new ArrayList<>();
    pictures.add(
        picture(
            "composite",
            "Composite",
            "Contrast from the 1st to the 99.8th percentile of each channel: " + places() + ".",
            composite));
    for (int c = 0; c < previews.size(); c++) {
      String channel = settings.channels().get(c);
      Fact statistics = facts.statistics(channel);
      if (statistics != null) {
        byte[] grey = new byte[width * height];
        Tones.contrast(previews.get(c).means(), grey.length, statistics, grey, 0, 1);
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
  public byte[] thumbnail() {
    int toWidth = small(width, THUMBNAIL);
    int toHeight = small(height, THUMBNAIL);
    return encoded.jpeg(
        Tones.shrunk(composite, 3, width, height, toWidth, toHeight), toWidth, toHeight);
  }

  /** A side of the picture made so small that the longer one is at most that long. */
  private int small(int side, int longest) {
    double scale = Math.min(1, longest / (double) Math.max(width, height));
    return Math.max(1, (int) Math.round(side * scale));
  }

  /**
   * All channels in grey, very small, one below the other: the montage's tiles. Each is stretched
   * from its own 1st to its own 99.8th percentile, from which the page gets to one contrast for all
   * images; black where a channel has no statistics.
   */
  public byte[] tiles() {
    int toWidth = small(width, TILE);
    int toHeight = small(height, TILE);
    int size = toWidth * toHeight;
    byte[] tiles = new byte[previews.size() * size];
    for (int c = 0; c < previews.size(); c++) {
      byte[] grey = new byte[width * height];
      Fact statistics = facts.statistics(settings.channels().get(c));
      Tones.contrast(previews.get(c).means(), grey.length, statistics, grey, 0, 1);
      System.arraycopy(
          Tones.shrunk(grey, 1, width, height, toWidth, toHeight), 0, tiles, c * size, size);
    }
    return encoded.jpeg(tiles, toWidth, previews.size() * toHeight);
  }

  private void transformed(
      List<Picture> pictures, String transform, String reference, String title, double factor) {
    byte[] rgb = new byte[3 * width * height];
    for (int c = 0; c < slots.length; c++) {
      LookupTable table = facts.lookup(transform, reference, shown.get(c));
      if (table.size() == 0) {
        return;
      }
      Tones.lookup(preview(c).samples(), table, factor, rgb, slots[c], 3);
    }
    pictures.add(
        picture(
            transform,
            title,
            transform.equals("equalized")
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
            rgb));
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private String places() {
    List<String> words = new ArrayList<>();
    for (int c = 0; c < slots.length; c++) {
      words.add(shown.get(c) + " " + COLOURS[slots[c]]);
    }
    return String.join(", ", words);
  }

  private byte[] composite() {
    byte[] rgb = new byte[3 * width * height];
    for (int c = 0; c < slots.length; c++) {
      Fact statistics = facts.statistics(shown.get(c));
      Tones.contrast(preview(c).means(), width * height, statistics, rgb, slots[c], 3);
    }
    return rgb;
  }

  /** Of the composite's channel of that number. */
  private Preview preview(int shownChannel) {
    return previews.get(settings.channels().indexOf(shown.get(shownChannel)));
  }

  private Picture picture(String id, String title, String caption, byte[] samples) {
    return new Picture(
        id, title, caption, "jpeg", encoded.jpeg(samples, width, height), width, height);
  }
}
