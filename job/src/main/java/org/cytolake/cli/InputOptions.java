package org.cytolake.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options that say which images; every one has a configuration key of the same meaning. */
final class InputOptions {
  @Option(
      names = {"-i", "--input"},
      paramLabel = "PATH",
      arity = "1..*",
      description =
          "Files, folders or globs, local or on any Hadoop file system (s3a://...). Default: the"
              + " sample data.")
  List<String> input = new ArrayList<>();

  @Option(
      names = {"-p", "--pattern"},
      paramLabel = "REGEX",
      description =
          "What file names look like; named groups become columns, the group 'channel' tells the"
              + " channel: '(?<well>[A-P]\\d\\d)_(?<channel>\\w+)\\.tif'. Default: every file is an"
              + " image.")
  String pattern;

  @Option(
      names = {"-c", "--channels"},
      paramLabel = "KEY=NAME,...",
      description =
          "Channels to read, in order, and their names: 1=nuclei,3=cytoplasm. Default: all.")
  String channels;

  /** Values by configuration key. */
  Map<String, Object> flags() {
    Map<String, Object> flags = new LinkedHashMap<>();
    if (!input.isEmpty()) {
      flags.put("input.paths", input);
    }
    ConfigOptions.put(flags, "input.pattern", pattern);
    ConfigOptions.put(flags, "input.channels", channels);
    return flags;
  }
}
