package org.cytolake.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A picture in the report.
 *
 * @param id what it shows, for the page's script: {@code composite}, {@code channel}, ...
 * @param title a few words
 * @param caption what one sees and how it was made
 * @param type png or jpeg
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Picture(
    String id, String title, String caption, String type, byte[] bytes, int width, int height) {

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("title", title);
    json.put("caption", caption);
    json.put("src", Html.raw(Encoded.dataUri(type, bytes)));
    json.put("width", width);
    json.put("height", height);
    return json;
  }
}
