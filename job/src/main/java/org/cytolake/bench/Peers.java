package org.cytolake.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;

/** The Python side of comparisons. */
final class Peers {
  private Peers() {}

  /**
   * Seconds by step, as a script prints them.
   *
   * @throws CytolakeException FAILED where the script does
   */
  static Map<String, Double> seconds(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException("it ended with " + process.exitValue());
      }
      String last = printed.strip().substring(printed.strip().lastIndexOf('\n') + 1);
      Map<String, Double> seconds = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> step : new ObjectMapper().readTree(last).properties()) {
        seconds.put(step.getKey(), step.getValue().asDouble());
      }
      return seconds;
    } catch (IOException e) {
      throw new CytolakeException(
          Code.FAILED,
          "The Python side cannot be run: " + e.getMessage() + ".",
          "Use deploy/bench/bench, which makes an environment for it.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CytolakeException(Code.FAILED, "Interrupted.", "Run it again.", e);
    }
  }
}
