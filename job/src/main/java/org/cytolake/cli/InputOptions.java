package org.cytolake.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeException;
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
      names = "--layout",
      paramLabel = "NAME",
      description =
          "In place of a pattern: file names as an instrument writes them. imagexpress, opera,"
              + " operetta, cellvoyager, incell, incucyte, harmony, micromanager, cytation,"
              + " cellinsight, cq1, scanr, leica, ome, or auto: the one that fits most files.")
  String layout;

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
    if (layout != null && pattern != null) {
      throw new CytolakeException(
          CytolakeException.Code.USAGE,
          "Both --layout and --pattern are given.",
          "Give one: a layout says what names look like, as a pattern does.");
    }
    ConfigOptions.put(
        flags, "input.pattern", layout == null ? pattern : SourceOptions.LAYOUT + layout);
    ConfigOptions.put(flags, "input.channels", channels);
    return flags;
  }
}
