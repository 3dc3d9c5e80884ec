package org.cytolake.source;

import java.io.Serializable;
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
  public Failure {
    groups = List.copyOf(groups);
  }

  Failure of(String newImage, List<String> newGroups) {
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
