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
  NUCLEI;

  private static final String KEY = "scope";

  /** Adds what the tables remember. */
  public void addTo(Map<String, String> facts) {
    facts.put(KEY, word());
  }

  /**
   * Nuclei alone would leave the other tables as they were, of images that have changed since.
   *
   * @param facts what the tables remember
   * @throws CytolakeException (USAGE) where this is for nuclei alone and the tables are all
   */
  public void requireFits(Map<String, String> facts, String output) {
    if (this == NUCLEI && !facts.isEmpty() && !word().equals(facts.get(KEY))) {
      throw new CytolakeException(
          Code.USAGE,
          "The output " + output + " holds the tables of analyze, which segment would not renew.",
          "Use another --output, or run analyze, which finds the nuclei too.");
    }
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
