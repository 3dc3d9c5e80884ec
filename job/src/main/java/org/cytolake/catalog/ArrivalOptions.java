package org.cytolake.catalog;

import java.io.Serializable;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;

/**
 * When an image of an input that grows is taken.
 *
 * @param restSeconds so long its files must not have changed, 0 to 86400
 * @param imagesPerTrigger the most images that a batch of a stream holds; 0: all that are there
 */
public record ArrivalOptions(int restSeconds, int imagesPerTrigger) implements Serializable {
  static final int DEFAULT_REST_SECONDS = 60;

  /** All images whose files have not changed for a minute. */
  public static final ArrivalOptions DEFAULT = new ArrivalOptions(DEFAULT_REST_SECONDS, 0);

  public ArrivalOptions {
    if (restSeconds < 0 || restSeconds > 86_400) {
      throw new CytolakeException(
          Code.USAGE, "rest-seconds is " + restSeconds + ".", "It must lie between 0 and 86400.");
    }
    if (imagesPerTrigger < 0) {
      throw new CytolakeException(
          Code.USAGE,
          "max-images-per-trigger is " + imagesPerTrigger + ".",
          "It must be 1 or more, or 0 for all images that are there.");
    }
  }
}
