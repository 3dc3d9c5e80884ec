package org.cytolake.illumination;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cytolake.config.IlluminationOptions;
import org.cytolake.field.Field;

/**
 * What is added up in the pass that reads the images anyway.
 *
 * @param shapes of the images that are, by their group
 */
public record SumSettings(
    IlluminationOptions options, IlluminationGroups groups, Map<List<String>, ImageShape> shapes)
    implements Serializable {
  /** Bytes of the sums of one group in a task. */
  private static final long MOST_IN_TASK = 1L << 28;

  /** Bytes of the sums that wait for images of later batches. */
  private static final long MOST_WAITING = 1L << 29;

  public SumSettings {
    shapes = Map.copyOf(shapes);
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
    SumSettings settings = new SumSettings(options, groups, shapes);
    for (int b = 0; b < batches.size(); b++) {
      Set<List<String>> waiting = settings.waiting(batches, b);
      long bytes = waiting.stream().mapToLong(g -> shapes.get(g).bytes(options)).sum();
      if (bytes > MOST_WAITING) {
        shapes.keySet().removeAll(waiting);
      }
    }
    return new SumSettings(options, groups, shapes);
  }

  /** The groups of which a batch, or one before it, has images, and a later one has others. */
  public Set<List<String>> waiting(List<List<Field>> batches, int batch) {
    Set<List<String>> before = groups(batches.subList(0, batch + 1));
    before.retainAll(groups(batches.subList(batch + 1, batches.size())));
    return before;
  }

  private Set<List<String>> groups(List<List<Field>> some) {
    Set<List<String>> found = new HashSet<>();
    for (List<Field> fields : some) {
      for (Field field : fields) {
        List<String> group = groups.values(field.groups());
        if (shapes.containsKey(group)) {
          found.add(group);
        }
      }
    }
    return found;
  }

  /** The sums of a task. */
  public ShareSums ofTask() {
    return new ShareSums(this);
  }
}
