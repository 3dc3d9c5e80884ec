package org.cytolake.config;

import java.util.List;
import org.cytolake.config.CytolakeException.Code;

/** Settings that name groups of the pattern, by which images belong together. */
public final class PatternGroups {
  private static final String PLATE = "plate";

  private PatternGroups() {}

  /**
   * The groups that a setting names.
   *
   * @param setting its key
   * @param wanted its value: names, or {@link QualityOptions#AUTO}, which is the plate where there
   *     is one, or {@link QualityOptions#ALL}, which is none
   * @param groups the pattern's
   * @throws CytolakeException (USAGE) where the pattern has no group that is named
   */
  public static List<String> named(String setting, List<String> wanted, List<String> groups) {
    if (wanted.equals(List.of(QualityOptions.ALL))) {
      return List.of();
    }
    if (wanted.equals(List.of(QualityOptions.AUTO))) {
      return groups.contains(PLATE) ? List.of(PLATE) : List.of();
    }
    if (!groups.containsAll(wanted)) {
      throw new CytolakeException(
          Code.USAGE,
          setting
              + " is "
              + String.join(", ", wanted)
              + ", but the groups of the pattern are "
              + (groups.isEmpty() ? "none" : String.join(", ", groups))
              + ".",
          "Name some of the groups, or set it to auto or all.");
    }
    return wanted;
  }
}
