package org.cytolake.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.spark.sql.Row;
import org.cytolake.source.Failure;

/** Failures as JSON: in which tasks report them, and which a run keeps for programs. */
final class FailureJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A run keeps no more; the table has them all. */
  private static final int KEPT = 100;

  private FailureJson() {}

  /**
   * @param row that begins with image and the groups
   */
  static Failure of(Row row, int groups, String json) {
    List<String> values = new ArrayList<>();
    for (int g = 1; g <= groups; g++) {
      values.add(row.getString(g));
    }
    try {
      JsonNode node = JSON.readTree(json);
      return new Failure(
          row.getString(0),
          values,
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
  static String toJson(Collection<Failure> failures) {
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
}
