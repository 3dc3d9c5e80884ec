package org.cytolake.stardist;

import java.io.Serializable;

/**
 * What counts as an object.
 *
 * @param prob an object is more probable than this, 0 to 1
 * @param nms of two objects that overlap more than this (intersection over the smaller area, 0 to
 *     1) only the more probable stays
 */
public record StarThresholds(double prob, double nms) implements Serializable {
  public StarThresholds {
    if (!(prob >= 0 && prob <= 1) || !(nms >= 0 && nms <= 1)) {
      throw new IllegalArgumentException(
          "thresholds lie between 0 and 1, not prob " + prob + ", nms " + nms);
    }
  }
}
