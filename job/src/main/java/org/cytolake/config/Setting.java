package org.cytolake.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A key of the configuration as its file of defaults documents it.
 *
 * @param key such as {@code clustering.dbscan.eps}
 * @param fallback its default, as one writes it
 * @param comment what stands above it, one line; empty where what is said of the key before holds
 */
public record Setting(String key, String fallback, String comment) {

  /** All keys, in the order of the file. */
  public static List<Setting> all() {
    List<Setting> settings = new ArrayList<>();
    Config defaults = ConfigLoader.defaults();
    collect("", defaults.root(), settings);
    return settings;
  }

  private static void collect(String parent, ConfigObject object, List<Setting> into) {
    List<Map.Entry<String, ConfigValue>> inOrder = new ArrayList<>(object.entrySet());
    inOrder.sort(Comparator.comparingInt(e -> line(e.getValue())));
    for (Map.Entry<String, ConfigValue> entry : inOrder) {
      String key = parent + entry.getKey();
      if (entry.getValue() instanceof ConfigObject inner) {
        collect(key + ".", inner, into);
      } else {
        into.add(
            new Setting(
                key,
                entry.getValue().render(ConfigRenderOptions.concise()),
                String.join(
                    " ",
                    entry.getValue().origin().comments().stream().map(String::strip).toList())));
      }
    }
  }

  private static int line(ConfigValue value) {
    if (value instanceof ConfigObject object) {
      return object.values().stream().mapToInt(Setting::line).min().orElse(0);
    }
    return value.origin().lineNumber();
  }
}
