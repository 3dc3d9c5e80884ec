package org.cytolake.nuclei;

import java.util.List;
import java.util.regex.Pattern;

/** Which channel shows nuclei, as far as the names of channels tell. */
final class NuclearStain {
  /** Words on their own, but for numbers: {@code w1_dapi}, {@code Hoechst 33342}. */
  private static final Pattern WORDS =
      Pattern.compile(
          "(?<![a-z])(nuclei|nucleus|dna|dapi|hoechst|draq5|draq7|h2b)(?![a-z])",
          Pattern.CASE_INSENSITIVE);

  private NuclearStain() {}

  /**
   * The first that is named after nuclei or a stain of their DNA, or else the first.
   *
   * @param channels names, at least one
   */
  static String of(List<String> channels) {
    return channels.stream()
        .filter(name -> WORDS.matcher(name).find())
        .findFirst()
        .orElse(channels.get(0));
  }
}
