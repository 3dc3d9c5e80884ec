package org.cytolake.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills the page's template. */
final class Html {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern SLOT = Pattern.compile("\\{\\{(\\w+)}}");

  private Html() {}

  /** Text with the characters that mean something in HTML written as entities. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** JSON that may stand in a script element: without {@code <}, {@code >} and {@code &}. */
  static String json(Object value) {
    try {
      return inScript(MAPPER.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  private static String inScript(String json) {
    StringBuilder text = new StringBuilder(json.length() + 64);
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      switch (c) {
        case '<', '>', '&', '\u2028', '\u2029' -> text.append("\\u%04x".formatted((int) c));
        default -> text.append(c);
      }
    }
    return text.toString();
  }

  /**
   * The template with its slots filled.
   *
   * @param values what stands in each slot, as HTML
   */
  static String fill(String template, Map<String, String> values) {
    Matcher slot = SLOT.matcher(template);
    StringBuilder page = new StringBuilder();
    while (slot.find()) {
      String value = values.get(slot.group(1));
      if (value == null) {
        throw new IllegalArgumentException("nothing is given for {{" + slot.group(1) + "}}");
      }
      slot.appendReplacement(page, Matcher.quoteReplacement(value));
    }
    return slot.appendTail(page).toString();
  }

  /** A resource's text; absolute, or beside this class. */
  static String resource(String name) {
    try (InputStream in = Html.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
