package org.cytolake.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;

/**
 * What a run would do.
 *
 * @param output folder of the tables
 * @param stored images that it holds; empty if it holds no tables yet
 * @param filesSeen files under the input
 * @param filesIgnored files that belong to no image
 * @param images that would be processed
 * @param unchanged images that an earlier run has done
 * @param removed images that would go from the tables since the input has their files no longer
 * @param failures images that cannot be read, by their names and headers
 * @param channels their names
 * @param tasks that would analyse the images
 * @param batches that would be committed
 */
public record RunPlan(
    String output,
    OptionalInt stored,
    int filesSeen,
    int filesIgnored,
    List<Planned> images,
    int unchanged,
    int removed,
    List<Failure> failures,
    List<String> channels,
    int tasks,
    int batches) {
  public RunPlan {
    images = List.copyOf(images);
    failures = List.copyOf(failures);
    channels = List.copyOf(channels);
  }

  /**
   * Of what a run has to do.
   *
   * @param channels of the tables where there is nothing to do
   */
  public static RunPlan of(PlannedRun plan, CytolakeConfig config, List<String> channels) {
    List<Batch> batches = plan.batches(config.run());
    List<Planned> images = new ArrayList<>();
    for (Field field : plan.catalog().fields()) {
      images.add(new Planned(field, plan.work().reasons().get(field.listed())));
    }
    return new RunPlan(
        config.output().path(),
        plan.work().known().isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of(plan.work().known().size()),
        plan.listing().files(),
        plan.catalog().ignored(),
        images,
        plan.work().unchanged(),
        plan.work().missing().size(),
        plan.failures(),
        plan.isNothing() ? channels : plan.catalog().channels(),
        batches.stream().mapToInt(b -> b.shares().size()).sum(),
        batches.size());
  }

  /**
   * An image that would be processed.
   *
   * @param field the image
   * @param reason why
   */
  public record Planned(Field field, Reason reason) {
    /** Pixels of one channel at all z and t. */
    public long pixels() {
      return field.planePixels() * field.sizeZ() * field.sizeT();
    }
  }

  /** Why an image would be processed. */
  public enum Reason {
    /** The tables do not know it. */
    NEW,
    /** Another length or time of one of its files, or other files. */
    FILES_CHANGED,
    /** Settings that its rows depend on. */
    SETTINGS_CHANGED,
    /** Another image that came or went has, or had, the same name. */
    NAME_CHANGED,
    /** It failed in the run before. */
    FAILED_BEFORE,
    /** It was left out for a flag that it has no longer. */
    EXCLUDED_BEFORE,
    /** Nothing has changed, but run.force is set. */
    FORCED
  }
}
