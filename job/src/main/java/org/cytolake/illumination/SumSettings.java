package org.cytolake.illumination;

import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.config.IlluminationOptions;
import org.cytolake.field.Field;

/**
 * What is added up in the pass that reads the images anyway.
 *
 * @param shapes of the images that are, by their group
 * @param batches number of the first and the last batch of each group
 */
public record SumSettings(
    IlluminationOptions options,
    IlluminationGroups groups,
    Map<List<String>, ImageShape> shapes,
    Map<List<String>, Span> batches)
    implements Serializable {
  /** Bytes of the sums in a task. */
  static final long MOST_IN_TASK = 1L << 28;

  /** Bytes of the sums that wait for images of later batches. */
  private static final long MOST_WAITING = 1L << 29;

  /** From the first to the last. */
  record Span(int first, int last) implements Serializable {}

  public SumSettings {
    shapes = Map.copyOf(shapes);
    batches = Map.copyOf(batches);
  }

  /**
   * Of groups all of whose images are in the batches, as far as their sums fit memory.
   *
   * @param whole those groups
   * @param batches images that are analysed together
   */
  public static SumSettings of(
      IlluminationOptions options,
      IlluminationGroups groups,
      Set<List<String>> whole,
      List<List<Field>> batches) {
    List<Field> fields =
        batches.stream()
            .flatMap(List::stream)
            .filter(f -> whole.contains(groups.values(f.groups())))
            .toList();
    Map<List<String>, ImageShape> shapes = ImageShape.ofMost(fields, groups);
    shapes.values().removeIf(s -> s.bytes(options) * (s.planes() ? 2 : 1) > MOST_IN_TASK);
    Map<List<String>, Span> spans = new HashMap<>();
    for (int b = 0; b < batches.size(); b++) {
      Span batch = new Span(b, b);
      for (Field field : batches.get(b)) {
        List<String> group = groups.values(field.groups());
        if (shapes.containsKey(group)) {
          spans.merge(group, batch, (before, now) -> new Span(before.first, now.last));
        }
      }
    }
    SumSettings all = new SumSettings(options, groups, shapes, spans);
    for (int b = 0; b < batches.size(); b++) {
      Set<List<String>> waiting = all.waiting(b);
      waiting.retainAll(shapes.keySet());
      if (waiting.stream().mapToLong(g -> shapes.get(g).bytes(options)).sum() > MOST_WAITING) {
        shapes.keySet().removeAll(waiting);
      }
    }
    return new SumSettings(options, groups, shapes, spans);
  }

  /** The groups of which a batch, or one before it, has images, and a later one has others. */
  public Set<List<String>> waiting(int batch) {
    Set<List<String>> waiting = new HashSet<>();
    batches.forEach(
        (group, span) -> {
          if (span.first <= batch && batch < span.last) {
            waiting.add(group);
          }
        });
    return waiting;
  }

  /**
   * The sums of a task.
   *
   * @param folder for its files
   * @param task a name that no other attempt at a task has
   */
  public ShareSums ofTask(String folder, String task, Configuration hadoop) {
    return new ShareSums(this, folder, task, hadoop);
  }
}
