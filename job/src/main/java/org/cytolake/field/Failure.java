package org.cytolake.field;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;

/**
 * Why an image cannot be read, and what to do.
 *
 * @param image the image's id
 * @param groups the values of the pattern's groups, in the pattern's order
 * @param file the file to blame, or the empty string where a file is missing
 * @param stage {@code list}, {@code header} or {@code pixels}
 * @param code what kind of failure, such as {@code CHANNEL_MISSING}
 * @param message what is wrong
 * @param remedy what to do about it
 */
public record Failure(
    String image,
    List<String> groups,
    String file,
    String stage,
    String code,
    String message,
    String remedy)
    implements Serializable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A run keeps no more; the table has them all. */
  private static final int KEPT = 100;

  public Failure {
    groups = List.copyOf(groups);
  }

  /**
   * From its JSON.
   *
   * @param json what {@link #toJson()} made
   */
  public static Failure of(String image, List<String> groups, String json) {
    try {
      JsonNode node = JSON.readTree(json);
      return new Failure(
          image,
          groups,
          node.path("file").asText(),
          node.path("stage").asText(),
          node.path("code").asText(),
          node.path("message").asText(),
          node.path("remedy").asText());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not the JSON of a failure: " + json, e);
    }
  }

  /** An array of the first ones, objects with the columns of the table {@code errors}. */
  public static String toJson(Collection<Failure> failures) {
    ArrayNode array = JSON.createArrayNode();
    for (Failure failure : failures.stream().limit(KEPT).toList()) {
      array
          .addObject()
          .put("image", failure.image())
          .put("file", failure.file())
          .put("stage", failure.stage())
          .put("code", failure.code())
          .put("message", failure.message())
          .put("remedy", failure.remedy());
    }
    return array.toString();
  }

  public Failure of(String newImage, List<String> newGroups) {
    return new Failure(newImage, newGroups, file, stage, code, message, remedy);
  }

  /** One JSON object: the value of the column {@code corrupt}. */
  public String toJson() {
    StringBuilder json = new StringBuilder("{");
    member(json, "file", file).append(',');
    member(json, "stage", stage).append(',');
    member(json, "code", code).append(',');
    member(json, "message", message).append(',');
    return member(json, "remedy", remedy).append('}').toString();
  }

  private static StringBuilder member(StringBuilder json, String name, String value) {
    json.append('"').append(name).append("\":\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"');
  }
}
