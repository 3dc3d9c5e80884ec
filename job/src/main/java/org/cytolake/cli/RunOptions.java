package org.cytolake.cli;

import java.util.Map;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that set configuration keys; every one has a key of the same meaning. */
final class RunOptions {
  @Mixin InputOptions images;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      description = "Folder of the tables. Default: output.")
  String output;

  @Option(
      names = "--plate-map",
      paramLabel = "FILE",
      description =
          "CSV of what was done to the wells: a column well, possibly plate, and any others, such"
              + " as compound and dose. Every table gets them in cytolake sql, and the report its"
              + " colours and groups.")
  String plateMap;

  @Option(
      names = "--force",
      description = "Process images again that an earlier run has done with the same settings.")
  boolean force;

  @Mixin ConfigOptions config;

  /** The configuration for a command that finds no nuclei. */
  CytolakeConfig load() {
    return load(Map.of());
  }

  /** The configuration for one that does, as these keys say. */
  CytolakeConfig load(Map<String, Object> nuclei) {
    Map<String, Object> flags = images.flags();
    ConfigOptions.put(flags, "output.path", output);
    ConfigOptions.put(flags, "input.plate-map", plateMap);
    flags.putAll(nuclei);
    if (force) {
      flags.put("run.force", true);
    }
    CytolakeConfig loaded = config.loadWithSample(flags);
    if (loaded.input().paths().isEmpty()) {
      throw new CytolakeException(
          CytolakeException.Code.USAGE,
          "No input is given.",
          "Name files or folders with --input.");
    }
    return loaded;
  }
}
