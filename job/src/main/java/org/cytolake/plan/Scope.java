package org.cytolake.plan;

import java.util.Locale;
import java.util.Map;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;

/** What a run makes of the images; the tables remember it. */
public enum Scope {
  /** All tables. */
  ALL,
  /** The tables {@code images}, {@code nuclei} and {@code errors}. */
  NUCLEI,
  /** The tables {@code images}, {@code image_quality}, {@code flags} and {@code errors}. */
  QUALITY;

  private static final String KEY = "scope";

  /** Adds what the tables remember. */
  public void addTo(Map<String, String> facts) {
    facts.put(KEY, word());
  }

  /**
   * A part of the tables alone would leave the others as they were, of images that have changed
   * since.
   *
   * @param facts what the tables remember
   * @throws CytolakeException (USAGE) where this is for a part and the tables are of more
   */
  public void requireFits(Map<String, String> facts, String output) {
    if (this != ALL && !facts.isEmpty() && !word().equals(facts.get(KEY))) {
      String command = this == NUCLEI ? "segment" : "qc";
      throw new CytolakeException(
          Code.USAGE,
          "The output " + output + " holds tables that " + command + " would not renew.",
          "Use another --output, or run analyze, which does all that " + command + " does.");
    }
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
