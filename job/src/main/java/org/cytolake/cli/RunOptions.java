package org.cytolake.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import picocli.CommandLine.Option;

/** Options that set configuration keys; every one has a key of the same meaning. */
final class RunOptions {
  @Option(
      names = {"-i", "--input"},
      paramLabel = "PATH",
      arity = "1..*",
      description =
          "Files, folders or globs, local or on any Hadoop file system (s3a://...). Default: the sample data.")
  List<String> input = new ArrayList<>();

  @Option(
      names = {"-p", "--pattern"},
      paramLabel = "REGEX",
      description =
          "What file names look like; named groups become columns, the group 'channel' tells the channel:"
              + " '(?<well>[A-P]\\d\\d)_(?<channel>\\w+)\\.tif'. Default: every file is an image.")
  String pattern;

  @Option(
      names = {"-c", "--channels"},
      paramLabel = "KEY=NAME,...",
      description =
          "Channels to read, in order, and their names: 1=nuclei,3=cytoplasm. Default: all.")
  String channels;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      description = "Folder of the tables. Default: output.")
  String output;

  @Option(
      names = "--force",
      description = "Process images again that an earlier run has done with the same settings.")
  boolean force;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "HOCON file of settings; conf/cytolake.conf lists all keys.")
  String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, such as --set clustering.k=[2,3,4]. Beats everything else.")
  List<String> settings = new ArrayList<>();

  /** The configuration for a command that finds no nuclei. */
  CytolakeConfig load() {
    return load(new NucleiOptions());
  }

  /** The configuration; without any input that of the sample data, where the launcher names it. */
  CytolakeConfig load(NucleiOptions nuclei) {
    Map<String, Object> flags = nuclei.flags();
    if (!input.isEmpty()) {
      flags.put("input.paths", input);
    }
    put(flags, "input.pattern", pattern);
    put(flags, "input.channels", channels);
    put(flags, "output.path", output);
    if (force) {
      flags.put("run.force", true);
    }
    CytolakeConfig loaded = ConfigLoader.load(Optional.ofNullable(config), flags, settings);
    String sample = System.getenv("CYTOLAKE_SAMPLE_CONFIG");
    if (loaded.input().paths().isEmpty() && config == null && sample != null) {
      loaded = ConfigLoader.load(Optional.of(sample), flags, settings);
    }
    if (loaded.input().paths().isEmpty()) {
      throw new org.cytolake.config.CytolakeException(
          org.cytolake.config.CytolakeException.Code.USAGE,
          "No input is given.",
          "Name files or folders with --input.");
    }
    return loaded;
  }

  private static void put(Map<String, Object> flags, String key, String value) {
    if (value != null) {
      flags.put(key, value);
    }
  }
}
