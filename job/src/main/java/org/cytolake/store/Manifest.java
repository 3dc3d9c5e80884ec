package org.cytolake.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.cytolake.output.Json;
import org.cytolake.output.OutputFolder;

/**
 * The record of a run, {@code _runs/<run>.json}, as JSON. One that is there says that the run was
 * committed, and carried out to its end.
 *
 * @param run the run's id
 * @param began when
 * @param committed when
 * @param added files that the run added, by table; null for Iceberg
 * @param removed files that it removed, by table; null for Iceberg
 * @param snapshots Iceberg's snapshots that it made, by table; null for Parquet
 * @param facts what the caller wants kept
 */
record Manifest(
    String run,
    String began,
    String committed,
    Map<String, List<String>> added,
    Map<String, List<String>> removed,
    Map<String, Long> snapshots,
    Map<String, String> facts) {
  static final String FOLDER = "_runs";

  private static final String ENDING = ".json";

  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  static Manifest ofFiles(
      String run,
      String began,
      Map<String, List<String>> added,
      Map<String, List<String>> removed,
      Map<String, String> facts) {
    return new Manifest(run, began, now(), added, removed, null, new TreeMap<>(facts));
  }

  static Manifest ofSnapshots(
      String run, String began, Map<String, Long> snapshots, Map<String, String> facts) {
    return new Manifest(run, began, now(), null, null, snapshots, new TreeMap<>(facts));
  }

  static String newRun() {
    return RUN_TIME.format(Instant.now()) + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  /** When a run of this id began; empty if it is no id of a run. */
  static Optional<Instant> began(String run) {
    int dash = run.indexOf('-');
    try {
      return Optional.of(RUN_TIME.parse(run.substring(0, Math.max(dash, 0)), Instant::from));
    } catch (java.time.format.DateTimeParseException e) {
      return Optional.empty();
    }
  }

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /** The name of a run's file in the output. */
  static String name(String run) {
    return FOLDER + "/" + run + ENDING;
  }

  /** The facts of the last committed run; none if there was none. */
  static Map<String, String> lastFacts(OutputFolder output) {
    // sorted without what follows the id: a batch's id goes on where the first one's ends
    Optional<String> last =
        output.list(FOLDER).stream()
            .filter(file -> file.endsWith(ENDING))
            .map(file -> file.substring(0, file.length() - ENDING.length()))
            .max(String::compareTo)
            .flatMap(run -> output.read(name(run)));
    Map<String, String> facts = new HashMap<>();
    try {
      if (last.isPresent()) {
        Json.read(last.get(), JsonNode.class)
            .path("facts")
            .properties()
            .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asText()));
      }
    } catch (JsonProcessingException e) {
      return Map.of(); // damaged: as if nothing were known
    }
    return facts;
  }
}
