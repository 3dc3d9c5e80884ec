package org.cytolake.catalog;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.Columns;
import org.cytolake.field.Well;

/**
 * A regular expression over file names. Its named groups become columns; the group {@code channel}
 * says which channel of the image a file holds. The group {@code well}, or {@code row} and {@code
 * column} together, is a well by its usual name: {@code A01} for {@code A1} or {@code r01c01}.
 */
final class FilePattern implements Serializable {
  private static final long serialVersionUID = 1L;
  static final String CHANNEL = "channel";

  /** What the channel is called where a name says none: it is the only one. */
  private static final String ONLY_CHANNEL = "1";

  private static final Pattern NAMED_GROUP = Pattern.compile("(?<!\\\\)\\(\\?<([a-zA-Z]\\w*)>");

  private static final String WELL = "well";
  private static final String ROW = "row";
  private static final String COLUMN = "column";

  private final Pattern pattern;
  private final boolean ofPaths; // of whole relative paths alone
  private final boolean hasChannel;
  private final boolean wellOfRow; // whether row and column make the well
  private final List<String> groups;

  private FilePattern(
      Pattern pattern,
      boolean ofPaths,
      boolean hasChannel,
      boolean wellOfRow,
      List<String> groups) {
    this.pattern = pattern;
    this.ofPaths = ofPaths;
    this.hasChannel = hasChannel;
    this.wellOfRow = wellOfRow;
    this.groups = List.copyOf(groups);
  }

  static FilePattern of(String regex) {
    FilePattern pattern;
    try {
      pattern = of(regex, false);
    } catch (PatternSyntaxException e) {
      throw new CytolakeException(
          Code.USAGE,
          "The pattern is not a regular expression: " + e.getMessage(),
          "Write a Java regular expression; groups are named (?<well>...).",
          e);
    }
    if (!pattern.hasChannel) {
      throw new CytolakeException(
          Code.USAGE,
          "The pattern '" + regex + "' has no group named 'channel'.",
          "Name the part of the file name that tells the channel: (?<channel>...). Without a"
              + " pattern every file is an image with the channels inside it.");
    }
    return pattern;
  }

  /** One over paths relative to the input, which may be of files that hold all channels. */
  static FilePattern ofLayout(String regex) {
    return of(regex, true);
  }

  private static FilePattern of(String regex, boolean ofPaths) {
    List<String> groups = new ArrayList<>();
    Matcher matcher = NAMED_GROUP.matcher(regex);
    while (matcher.find()) {
      groups.add(matcher.group(1));
    }
    boolean hasChannel = groups.remove(CHANNEL);
    boolean wellOfRow = groups.contains(ROW) && groups.contains(COLUMN) && !groups.contains(WELL);
    if (wellOfRow) {
      groups.set(groups.indexOf(ROW), WELL);
      groups.remove(COLUMN);
    }
    for (String group : groups) {
      Columns.requireFree(group, "group of the pattern");
    }
    return new FilePattern(Pattern.compile(regex), ofPaths, hasChannel, wellOfRow, groups);
  }

  /** The same without the groups that are empty in all of those files that match. */
  FilePattern withoutEmpty(List<FoundFile> files) {
    boolean[] used = new boolean[groups.size()];
    for (FoundFile file : files) {
      match(file)
          .ifPresent(
              match -> {
                for (int g = 0; g < used.length; g++) {
                  used[g] |= !match.groups().get(g).isEmpty();
                }
              });
    }
    List<String> kept = new ArrayList<>();
    for (int g = 0; g < used.length; g++) {
      if (used[g]) {
        kept.add(groups.get(g));
      }
    }
    return new FilePattern(pattern, ofPaths, hasChannel, wellOfRow, kept);
  }

  /** Names of the groups apart from {@code channel}, in order; row and column are the well. */
  List<String> groups() {
    return groups;
  }

  /** Whether names tell the channel; else every file holds all. */
  boolean hasChannel() {
    return hasChannel;
  }

  /**
   * What a pattern reads from a name.
   *
   * @param channel which channel the file holds
   * @param groups values of the other groups, in the pattern's order; empty where one took no part
   */
  record Match(String channel, List<String> groups) {
    Match {
      groups = List.copyOf(groups);
    }
  }

  /** The values of the groups, where the pattern matches the whole name or relative path. */
  Optional<Match> match(FoundFile file) {
    Matcher matcher = pattern.matcher(ofPaths ? "" : file.name());
    if ((ofPaths || !matcher.matches()) && !matcher.reset(file.relative()).matches()) {
      return Optional.empty();
    }
    String[] values = new String[groups.size()];
    for (int g = 0; g < values.length; g++) {
      values[g] = value(matcher, groups.get(g));
    }
    String channel = hasChannel ? orEmpty(matcher.group(CHANNEL)) : "";
    return Optional.of(new Match(channel.isEmpty() ? ONLY_CHANNEL : channel, List.of(values)));
  }

  /** A well by its usual name, where it is one. */
  private String value(Matcher matcher, String group) {
    if (!group.equals(WELL)) {
      return orEmpty(matcher.group(group));
    }
    if (wellOfRow) {
      String row = orEmpty(matcher.group(ROW));
      String column = orEmpty(matcher.group(COLUMN));
      return Well.of(row, column).map(Well::toString).orElse(row + "-" + column);
    }
    String well = orEmpty(matcher.group(WELL));
    return Well.parse(well).map(Well::toString).orElse(well);
  }

  private static String orEmpty(String value) {
    return value == null ? "" : value;
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }
}
