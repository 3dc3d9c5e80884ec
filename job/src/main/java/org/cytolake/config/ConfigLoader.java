package org.cytolake.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.cytolake.config.CytolakeException.Code;

/**
 * Puts a configuration together. Precedence, in this one place: {@code --set}, flags, {@code
 * --config}, defaults.
 */
public final class ConfigLoader {
  private static final String DEFAULTS = "/org/cytolake/conf/cytolake.conf";

  private ConfigLoader() {}

  /**
   * Loads and checks a configuration.
   *
   * @param file path of a HOCON file on any Hadoop file system
   * @param flags values by key, as the command line gives them: texts, numbers or lists
   * @param settings {@code key=value} each
   * @throws CytolakeException (USAGE) naming the key, its line and the nearest valid key
   */
  public static CytolakeConfig load(
      Optional<String> file, Map<String, Object> flags, List<String> settings) {
    Config defaults = defaults();
    Config config = ConfigFactory.empty();
    for (String setting : settings) {
      config = check(setting(setting), defaults).withFallback(config);
    }
    Config ofFlags = ConfigFactory.empty();
    for (Map.Entry<String, Object> flag : flags.entrySet()) {
      ofFlags =
          ofFlags.withValue(
              flag.getKey(), ConfigValueFactory.fromAnyRef(flag.getValue(), "command line"));
    }
    config = config.withFallback(check(ofFlags, defaults));
    if (file.isPresent()) {
      config = config.withFallback(check(read(file.get()), defaults));
    }
    return of(config.withFallback(defaults).resolve());
  }

  /**
   * The configuration of an earlier run; keys that it did not know have their defaults.
   *
   * @param text of {@link CytolakeConfig}
   * @param output folder where its tables are now
   * @param settings {@code key=value} each
   * @throws CytolakeException (USAGE) as {@link #load}
   */
  public static CytolakeConfig stored(String text, String output, List<String> settings) {
    Config defaults = defaults();
    Config config = ConfigFactory.empty();
    for (String setting : settings) {
      config = check(setting(setting), defaults).withFallback(config);
    }
    config = config.withValue("output.path", ConfigValueFactory.fromAnyRef(output));
    try {
      ConfigParseOptions options =
          ConfigParseOptions.defaults().setOriginDescription("the last run's configuration");
      Config earlier = ConfigFactory.parseString(text, options);
      return of(config.withFallback(earlier).withFallback(defaults).resolve());
    } catch (ConfigException e) {
      throw new CytolakeException(
          Code.FAILED,
          "The last run's configuration cannot be read: " + e.getMessage(),
          "Run analyze again.",
          e);
    }
  }

  private static CytolakeConfig of(Config config) {
    List<String> paths = new ArrayList<>();
    for (String path : new Values(config).strings("input.paths")) {
      paths.add(
          path.contains(":") ? path : java.nio.file.Path.of(path).toAbsolutePath().toString());
    }
    Config kept = config.withValue("input.paths", ConfigValueFactory.fromIterable(paths));
    return CytolakeConfig.of(config, kept.root().render(ConfigRenderOptions.concise()));
  }

  static Config defaults() {
    try (InputStream in = ConfigLoader.class.getResourceAsStream(DEFAULTS)) {
      return ConfigFactory.parseReader(
              new InputStreamReader(in, StandardCharsets.UTF_8),
              ConfigParseOptions.defaults().setOriginDescription("defaults"))
          .resolve();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Config setting(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new CytolakeException(
          Code.USAGE,
          "--set " + text + " is not of the form key=value.",
          "Write --set clustering.k=4.");
    }
    String key = text.substring(0, equals).strip();
    String value = text.substring(equals + 1);
    ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription("--set " + key);
    try {
      // a regular expression is no HOCON: what does not parse is taken as it stands
      Config parsed = parsedOrNull("v = " + value, options);
      ConfigValue parsedValue = parsed == null ? null : parsed.root().get("v");
      return ConfigFactory.empty()
          .withValue(
              key,
              parsedValue == null
                  ? ConfigValueFactory.fromAnyRef(value, "--set " + key)
                  : parsedValue.withOrigin(ConfigOriginFactory.newSimple("--set " + key)));
    } catch (ConfigException.BadPath e) {
      throw new CytolakeException(
          Code.USAGE, "'" + key + "' is no key.", "Write --set clustering.k=4.", e);
    }
  }

  private static Config parsedOrNull(String text, ConfigParseOptions options) {
    try {
      return ConfigFactory.parseString(text, options);
    } catch (ConfigException.Parse e) {
      return null;
    }
  }

  private static Config read(String file) {
    Path path = new Path(file);
    try (InputStream in = path.getFileSystem(new Configuration()).open(path)) {
      return ConfigFactory.parseReader(
              new InputStreamReader(in, StandardCharsets.UTF_8),
              ConfigParseOptions.defaults().setOriginDescription(file))
          .resolve();
    } catch (java.io.FileNotFoundException e) {
      throw new CytolakeException(
          Code.USAGE,
          "The configuration file " + file + " does not exist.",
          "Check the path given with --config.",
          e);
    } catch (IOException e) {
      throw new CytolakeException(
          Code.USAGE,
          "The configuration file " + file + " cannot be read: " + e.getMessage() + ".",
          "Check the path given with --config and its permissions.",
          e);
    } catch (ConfigException e) {
      throw new CytolakeException(
          Code.USAGE,
          "The configuration file " + file + " is not valid HOCON: " + e.getMessage() + ".",
          "conf/cytolake.conf shows the format.",
          e);
    }
  }

  /** Every key of {@code config} must be one of the defaults. */
  private static Config check(Config config, Config defaults) {
    Set<String> known = new TreeSet<>();
    defaults.entrySet().forEach(e -> known.add(e.getKey()));
    List<String> keys = new ArrayList<>();
    config.entrySet().forEach(e -> keys.add(e.getKey()));
    // entrySet leaves out nulls and empty objects
    for (Map.Entry<String, ConfigValue> section : config.root().entrySet()) {
      String name = section.getKey();
      if (section.getValue().valueType() != ConfigValueType.OBJECT
          || known.stream().noneMatch(k -> k.startsWith(name + "."))) {
        throw unknown(name, section.getValue(), known);
      }
    }
    for (String key : keys) {
      if (!known.contains(key)) {
        throw unknown(key, config.getValue(key), known);
      }
    }
    return config;
  }

  private static CytolakeException unknown(String key, ConfigValue value, Set<String> known) {
    String nearest = known.iterator().next();
    for (String candidate : known) {
      if (distance(key, candidate) < distance(key, nearest)) {
        nearest = candidate;
      }
    }
    return new CytolakeException(
        Code.USAGE,
        "There is no configuration key '" + key + "'" + Values.where(value.origin()) + ".",
        "Did you mean " + nearest + "? conf/cytolake.conf lists all keys.");
  }

  /** Levenshtein's edit distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
