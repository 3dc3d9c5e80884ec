package org.cytolake.cells;

import org.cytolake.histogram.Histogram;
import org.cytolake.image.LabelImage;
import org.cytolake.image.Plane;
import org.cytolake.secondary.CellChannel;
import org.cytolake.secondary.CellThreshold;
import org.cytolake.secondary.Foreground;

/**
 * Finds the cells around painted nuclei of a plane. Intensities are divided by the largest value of
 * the pixel type, as CellProfiler reads images; floating point stays as it is. A pixel without a
 * finite intensity is no part of a cell, but of its nucleus.
 */
public final class CellFinder {
  private final CellSettings settings;
  private final double scale;
  private final double threshold;
  private final float darkest; // stands for what is not finite

  /**
   * @param pixelType OME's name of that of the channel that shows cells
   * @param intensities of the whole plane in that channel
   */
  public CellFinder(CellSettings settings, String pixelType, Histogram intensities) {
    this.settings = settings;
    this.scale = scale(pixelType);
    this.threshold = settings.threshold().of(intensities, scale);
    this.darkest = intensities.isEmpty() ? 0 : CellThreshold.scaled(intensities.min(), scale);
  }

  private static double scale(String pixelType) {
    return switch (pixelType) {
      case "int8" -> Byte.MAX_VALUE;
      case "uint8" -> 0xff;
      case "int16" -> Short.MAX_VALUE;
      case "uint16" -> 0xffff;
      case "int32" -> Integer.MAX_VALUE;
      case "uint32" -> 0xffffffffL;
      default -> 1;
    };
  }

  /** From which intensity on a pixel can be part of a cell, in the channel's unit. */
  double threshold() {
    return threshold * scale;
  }

  /**
   * Finds.
   *
   * @param nuclei label image
   * @param channel that shows cells, for each of its pixels
   * @return the cells under their nuclei's labels
   */
  public LabelImage find(LabelImage nuclei, Plane channel) {
    if (!settings.objects().method().usesChannel()) {
      return settings.objects().around(nuclei, null);
    }
    float[] image = new float[nuclei.labels().length];
    channel.floats(0, image.length, image, 0);
    boolean[] missing = scale(image);
    boolean[] foreground = Foreground.of(image, nuclei.width(), threshold, settings.smoothing());
    for (int i = 0; missing != null && i < image.length; i++) {
      foreground[i] &= !missing[i];
    }
    return settings
        .objects()
        .around(nuclei, new CellChannel(nuclei.height(), nuclei.width(), image, foreground));
  }

  /** Divides; null where all are finite. */
  private boolean[] scale(float[] image) {
    float divisor = (float) scale;
    boolean[] missing = null;
    for (int i = 0; i < image.length; i++) {
      image[i] /= divisor;
      if (!Float.isFinite(image[i])) {
        missing = missing == null ? new boolean[image.length] : missing;
        missing[i] = true;
        image[i] = darkest;
      }
    }
    return missing;
  }
}
