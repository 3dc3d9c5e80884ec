package org.cytolake.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.cytolake.source.Failure;

/** Reads failures back from the JSON in which tasks report them. */
final class Failures {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Failures() {}

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
}
