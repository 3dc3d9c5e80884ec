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

/**
 * A regular expression over file names. Its named groups become columns; the group {@code channel}
 * says which channel of the image a file holds.
 */
final class FilePattern implements Serializable {
  private static final long serialVersionUID = 1L;
  static final String CHANNEL = "channel";
  private static final Pattern NAMED_GROUP = Pattern.compile("(?<!\\\\)\\(\\?<([a-zA-Z]\\w*)>");

  private final Pattern pattern;
  private final List<String> groups;

  private FilePattern(Pattern pattern, List<String> groups) {
    this.pattern = pattern;
    this.groups = List.copyOf(groups);
  }

  static FilePattern of(String regex) {
    Pattern pattern;
    try {
      pattern = Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new CytolakeException(
          Code.USAGE,
          "The pattern is not a regular expression: " + e.getMessage(),
          "Write a Java regular expression; groups are named (?<well>...).",
          e);
    }
    List<String> groups = new ArrayList<>();
    Matcher matcher = NAMED_GROUP.matcher(regex);
    while (matcher.find()) {
      groups.add(matcher.group(1));
    }
    if (!groups.remove(CHANNEL)) {
      throw new CytolakeException(
          Code.USAGE,
          "The pattern '" + regex + "' has no group named 'channel'.",
          "Name the part of the file name that tells the channel: (?<channel>...). Without a pattern every file is an"
              + " image with the channels inside it.");
    }
    for (String group : groups) {
      Columns.requireFree(group, "group of the pattern");
    }
    return new FilePattern(pattern, groups);
  }

  /** Names of the groups apart from {@code channel}, in order. */
  List<String> groups() {
    return groups;
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
    Matcher matcher = pattern.matcher(file.file().name());
    if (!matcher.matches() && !matcher.reset(file.relative()).matches()) {
      return Optional.empty();
    }
    String[] values = new String[groups.size()];
    for (int g = 0; g < values.length; g++) {
      values[g] = orEmpty(matcher.group(groups.get(g)));
    }
    return Optional.of(new Match(orEmpty(matcher.group(CHANNEL)), List.of(values)));
  }

  private static String orEmpty(String value) {
    return value == null ? "" : value;
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }
}
