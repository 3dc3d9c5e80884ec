package org.cytolake.bioformats.zarr;

import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.plain.RefusedException;

/**
 * Which level of a pyramid is read: by its number, 0 being the full resolution, or the coarsest
 * whose pixels are no larger than wanted. It travels with the configuration of the file systems, to
 * wherever files are read.
 *
 * @param number of the level; 0 where the size of pixels says it
 * @param micrometres largest width of a pixel; 0 where the number says it
 */
public record PyramidLevel(int number, double micrometres) implements java.io.Serializable {
  /** The full resolution. */
  public static final PyramidLevel FULL = new PyramidLevel(0, 0);

  private static final String KEY = "cytolake.input.level";
  private static final int MOST = 64;

  public PyramidLevel {
    if (number < 0
        || number > MOST
        || !(micrometres >= 0 && micrometres < Double.MAX_VALUE)
        || (number > 0 && micrometres > 0)) {
      throw new IllegalArgumentException("level " + number + ", " + micrometres + " micrometres");
    }
  }

  /** From {@code 2} or {@code 0.65um}; empty where it is neither. */
  public static Optional<PyramidLevel> parse(String text) {
    String value = text.strip().toLowerCase(Locale.ROOT).replaceAll("(µm|um)$", "um");
    if (value.matches("\\d{1,2}") && Integer.parseInt(value) <= MOST) {
      return Optional.of(new PyramidLevel(Integer.parseInt(value), 0));
    }
    if (value.matches("\\d{1,9}(\\.\\d{1,9})?um")) {
      double micrometres = Double.parseDouble(value.substring(0, value.length() - 2));
      return micrometres > 0 ? Optional.of(new PyramidLevel(0, micrometres)) : Optional.empty();
    }
    return Optional.empty();
  }

  /** Sets it, and returns the same configuration. */
  public Configuration in(Configuration hadoop) {
    hadoop.set(KEY, toString());
    return hadoop;
  }

  /** What a configuration says; the full resolution where nothing. */
  public static PyramidLevel of(Configuration hadoop) {
    return parse(hadoop.get(KEY, "0")).orElseThrow();
  }

  /** Whether images have that level that are no pyramids. */
  public boolean isFull() {
    return equals(FULL);
  }

  /**
   * That images are read at their full resolution: those that are no pyramids of OME-Zarr.
   *
   * @throws RefusedException where another level is wanted
   */
  public static void requireFull(Configuration hadoop) throws RefusedException {
    PyramidLevel level = of(hadoop);
    if (!level.isFull()) {
      throw RefusedException.unsupported(
          "level is "
              + level
              + ", and of formats other than OME-Zarr the full resolution alone is read",
          "Leave level at 0, or keep the file out of the input.");
    }
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    if (micrometres == 0) {
      return Integer.toString(number);
    }
    return java.math.BigDecimal.valueOf(micrometres).toPlainString() + "um";
  }
}
