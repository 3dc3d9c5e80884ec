package org.cytolake.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import picocli.CommandLine.Option;

/** Options that bring settings. */
final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "HOCON file of settings; conf/cytolake.conf lists all keys.")
  String file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, such as --set clustering.k=[2,3,4]. Beats everything else.")
  List<String> settings = new ArrayList<>();

  /** The configuration with these values by key. */
  CytolakeConfig load(Map<String, Object> flags) {
    return ConfigLoader.load(Optional.ofNullable(file), flags, settings);
  }

  /** The same; where no input is named, that of the sample data, if the launcher names it. */
  CytolakeConfig loadWithSample(Map<String, Object> flags) {
    CytolakeConfig loaded = load(flags);
    String sample = System.getenv("CYTOLAKE_SAMPLE_CONFIG");
    return loaded.input().paths().isEmpty() && file == null && sample != null
        ? ConfigLoader.load(Optional.of(sample), flags, settings)
        : loaded;
  }

  static void put(Map<String, Object> flags, String key, String value) {
    if (value != null) {
      flags.put(key, value);
    }
  }
}
