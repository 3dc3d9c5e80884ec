package org.cytolake.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** Fills the page's template. */
final class Html {
  private static final ObjectMapper MAPPER = mapper();
  private static final int LONG = 300_000;
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
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  /**
   * A script element that holds JSON; where that is long, compressed, since a screen's first page
   * is opened before anything else.
   *
   * @param json as {@link #json} makes it
   */
  static String data(String id, String json) {
    if (json.length() < LONG) {
      return "<script type=\"application/json\" id=\"" + id + "\">" + json + "</script>\n";
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
      zipped.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "<script type=\"application/gzip\" id=\""
        + id
        + "\">"
        + Base64.getEncoder().encodeToString(bytes.toByteArray())
        + "</script>\n";
  }

  /** For {@link #json}: a long text of letters, digits and {@code :;,/+=} that is not looked at. */
  static Object raw(String plain) {
    return new RawValue('"' + plain + '"');
  }

  private static ObjectMapper mapper() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.getFactory().setCharacterEscapes(new InScript());
    return mapper;
  }

  /** What HTML or old JavaScript would take for its own is written by its number. */
  private static final class InScript extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = standardAsciiEscapesForJSON();
      for (char c : new char[] {'<', '>', '&'}) {
        codes[c] = ESCAPE_STANDARD;
      }
      return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int c) {
      return c == 0x2028 || c == 0x2029 ? new SerializedString("\\u%04x".formatted(c)) : null;
    }
  }

  /**
   * The template with its slots filled.
   *
   * @param values what stands in each slot, as HTML
   */
  static String fill(String template, Map<String, String> values) {
    Matcher slot = SLOT.matcher(template);
    StringBuilder page = new StringBuilder();
    int done = 0;
    while (slot.find()) {
      String value = values.get(slot.group(1));
      if (value == null) {
        throw new IllegalArgumentException("nothing is given for {{" + slot.group(1) + "}}");
      }
      page.append(template, done, slot.start()).append(value);
      done = slot.end();
    }
    return page.append(template, done, template.length()).toString();
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
