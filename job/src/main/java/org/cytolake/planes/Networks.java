package org.cytolake.planes;

import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.broadcast.Broadcast;
import org.cytolake.network.ModelFile;
import org.cytolake.nuclei.NucleiFinder;
import org.cytolake.nuclei.NucleiSettings;

/**
 * The networks of a run, as they travel to the tasks.
 *
 * @param nuclei that finds nuclei; null where none are looked for
 * @param cells that finds cells; null where no network does
 * @param threads that each may use in a task
 */
public record Networks(Broadcast<ModelFile> nuclei, Broadcast<ModelFile> cells, int threads)
    implements Serializable {
  /** Nothing is looked for. */
  public static final Networks NONE = new Networks(null, null, 1);

  /** For the running task. */
  Finders ofTask(AnalysisSettings settings) {
    return new Finders(
        settings.nuclei().map(how -> finder(nuclei, how)),
        settings.cells().flatMap(c -> c.network()).map(how -> finder(cells, how)));
  }

  private NucleiFinder finder(Broadcast<ModelFile> model, NucleiSettings how) {
    return NucleiFinder.ofTask(model.value(), threads, how);
  }

  /**
   * What finds objects in a task.
   *
   * @param nuclei empty where none are looked for
   * @param cells empty where they grow from nuclei, or none are looked for
   */
  record Finders(Optional<NucleiFinder> nuclei, Optional<NucleiFinder> cells) {}
}
