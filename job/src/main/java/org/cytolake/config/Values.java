package org.cytolake.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.cytolake.config.CytolakeException.Code;

/**
 * Takes typed values out of a configuration; every complaint names the key and where it was set.
 */
final class Values {
  private final Config config;

  Values(Config config) {
    this.config = config;
  }

  String text(String key) {
    return get(key, c -> c.getString(key), "text").strip();
  }

  boolean bool(String key) {
    return get(key, c -> c.getBoolean(key), "true or false");
  }

  long integer(String key, long min, long max) {
    long value = get(key, c -> wholeNumber(c, key), "a whole number");
    if (value < min || value > max) {
      throw bad(key, "It must lie between " + min + " and " + max + ".", null);
    }
    return value;
  }

  double number(String key) {
    double value = get(key, c -> c.getDouble(key), "a number");
    if (!Double.isFinite(value)) {
      throw bad(key, "It must be finite.", null);
    }
    return value;
  }

  double positive(String key) {
    double value = get(key, c -> c.getDouble(key), "a number");
    if (!(value > 0) || Double.isInfinite(value)) {
      throw bad(key, "It must be above 0.", null);
    }
    return value;
  }

  double notNegative(String key) {
    double value = get(key, c -> c.getDouble(key), "a number");
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw bad(key, "It must be 0 or more.", null);
    }
    return value;
  }

  /** A number above 0, or 0 for a word. */
  double positiveOr(String key, String word) {
    if (text(key).equals(word)) {
      return 0;
    }
    double value = get(key, c -> c.getDouble(key), "a number or the word " + word);
    if (!(value > 0) || Double.isInfinite(value)) {
      throw bad(key, "It must be above 0, or the word " + word + ".", null);
    }
    return value;
  }

  /** An integer, or 0 where the value is a word. */
  long integerOr(String key, String word, long least, long most) {
    return text(key).equals(word) ? 0 : integer(key, least, most);
  }

  List<? extends Config> objects(String key) {
    return get(key, c -> c.getConfigList(key), "a list of objects");
  }

  OptionalDouble fractionOr(String key, String word) {
    if (text(key).equals(word)) {
      return OptionalDouble.empty();
    }
    double value = get(key, c -> c.getDouble(key), "a number or the word " + word);
    if (!(value >= 0 && value <= 1)) {
      throw bad(key, "It must lie between 0 and 1, or be the word " + word + ".", null);
    }
    return OptionalDouble.of(value);
  }

  double fraction(String key) {
    double value = get(key, c -> c.getDouble(key), "a number");
    if (!(value >= 0 && value <= 1)) {
      throw bad(key, "It must lie between 0 and 1.", null);
    }
    return value;
  }

  /** A number, or empty for a word. */
  OptionalDouble numberOr(String key, String word) {
    return text(key).equals(word)
        ? OptionalDouble.empty()
        : OptionalDouble.of(get(key, c -> c.getDouble(key), "a number or the word " + word));
  }

  /** A list; one value alone counts as a list of one. */
  List<String> strings(String key) {
    return get(
        key,
        c ->
            c.getValue(key).valueType() == com.typesafe.config.ConfigValueType.LIST
                ? c.getStringList(key)
                : List.of(c.getString(key)),
        "a list of texts");
  }

  List<Integer> integers(String key, int min, int max) {
    List<Integer> values =
        get(
            key,
            c ->
                c.getValue(key).valueType() == com.typesafe.config.ConfigValueType.LIST
                    ? c.getIntList(key)
                    : List.of(c.getInt(key)),
            "a list of whole numbers");
    if (values.isEmpty() || values.stream().anyMatch(v -> v < min || v > max)) {
      throw bad(key, "It must list numbers between " + min + " and " + max + ".", null);
    }
    return values;
  }

  String oneOf(String key, List<String> allowed) {
    String value = text(key);
    if (!allowed.contains(value)) {
      throw bad(key, "It must be one of " + String.join(", ", allowed) + ".", null);
    }
    return value;
  }

  /** True or false, or neither where the value is a word. */
  Optional<Boolean> boolOr(String key, String word) {
    String value = oneOf(key, List.of(word, "true", "false"));
    return value.equals(word) ? Optional.empty() : Optional.of(value.equals("true"));
  }

  /** One of the constants of an enum, in lower case. */
  <E extends Enum<E>> E choice(String key, Class<E> of) {
    return choice(key, List.of(of.getEnumConstants()));
  }

  /** One of some constants of an enum, in lower case. */
  <E extends Enum<E>> E choice(String key, List<E> allowed) {
    List<String> words = allowed.stream().map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
    return allowed.get(words.indexOf(oneOf(key, words)));
  }

  List<String> oneOfEach(String key, List<String> allowed) {
    List<String> values = strings(key);
    if (values.isEmpty() || !allowed.containsAll(values)) {
      throw bad(key, "It must list some of " + String.join(", ", allowed) + ".", null);
    }
    return values;
  }

  /** Like {@link #oneOfEach}, or none. */
  List<String> someOf(String key, List<String> allowed) {
    return strings(key).isEmpty() ? List.of() : oneOfEach(key, allowed);
  }

  private static long wholeNumber(Config config, String key) {
    double value = config.getDouble(key);
    if (value != Math.rint(value)) {
      throw new ConfigException.WrongType(config.getValue(key).origin(), "not a whole number");
    }
    return config.getLong(key);
  }

  private <T> T get(String key, Function<Config, T> getter, String what) {
    try {
      return getter.apply(config);
    } catch (ConfigException e) {
      throw bad(key, "It must be " + what + ".", e);
    }
  }

  CytolakeException bad(String key, String remedy, Exception cause) {
    ConfigValue value = value(key);
    return new CytolakeException(
        Code.USAGE, key + " is " + value.unwrapped() + where(value.origin()) + ".", remedy, cause);
  }

  /** What was given, be it null, of which Config says that nothing was. */
  private ConfigValue value(String key) {
    ConfigValue value = config.root();
    for (String part : ConfigUtil.splitPath(key)) {
      value = ((ConfigObject) value).get(part);
    }
    return value;
  }

  static String where(ConfigOrigin origin) {
    String text = " (" + origin.description().replaceFirst(": \\d+$", "");
    return text + (origin.lineNumber() > 0 ? ", line " + origin.lineNumber() : "") + ")";
  }
}
