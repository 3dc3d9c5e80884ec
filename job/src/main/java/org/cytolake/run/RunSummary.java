package org.cytolake.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.cytolake.field.Failure;

/**
 * What a run did.
 *
 * @param output folder of the tables
 * @param run the run's id
 * @param filesSeen files under the input
 * @param filesIgnored files that belong to no image
 * @param analyzed images that were processed and are complete
 * @param unchanged images that an earlier run had done
 * @param removed images that went from the tables, since the input has their files no longer
 * @param failures images that failed, and why
 * @param pixels pixels (of one channel) that were counted
 * @param nuclei nuclei found in this run; empty where segmentation is off
 * @param cells likewise of cells
 * @param channels their names
 * @param models the models chosen, one line each
 * @param warnings by code: planes whose nuclei are doubtful
 * @param flags by flag: fields of all images in the tables that have it
 * @param excluded images in the tables that are left out for their flags
 * @param report path of its first page; empty where none was written
 * @param reportProblem why none could be written; empty where it was, or was not asked for
 * @param seconds of each part, in order
 */
public record RunSummary(
    String output,
    String run,
    int filesSeen,
    int filesIgnored,
    int analyzed,
    int unchanged,
    int removed,
    List<Failure> failures,
    long pixels,
    OptionalLong nuclei,
    OptionalLong cells,
    List<String> channels,
    List<String> models,
    Map<String, Integer> warnings,
    Map<String, Long> flags,
    int excluded,
    Optional<String> report,
    Optional<String> reportProblem,
    Map<String, Double> seconds) {
  public RunSummary {
    failures = List.copyOf(failures);
    channels = List.copyOf(channels);
    models = List.copyOf(models);
    warnings = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(warnings));
    flags = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(flags));
    seconds = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(seconds));
  }
}
