package org.cytolake.nuclei;

import java.util.List;
import java.util.Optional;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.network.ModelFile;
import org.cytolake.stardist.OutlinedObject;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.statistics.PlaneStatistics;

/**
 * Finds the nuclei of planes, one plane after the other, with a network and what follows it. Not
 * thread-safe: one for each task.
 */
public sealed interface NucleiFinder permits StarDistFinder, CellposeFinder {

  /**
   * What was found.
   *
   * @param stars the nuclei in the order of their numbers
   * @param candidates among which they were selected
   */
  record Found(List<? extends OutlinedObject> stars, long candidates) {
    public Found {
      stars = List.copyOf(stars);
    }
  }

  /**
   * For the running task, whose end lets go of the network.
   *
   * @param threads that the network may use in a task
   */
  static NucleiFinder ofTask(ModelFile model, int threads, NucleiSettings settings) {
    return settings.cellpose().isPresent()
        ? CellposeFinder.ofTask(model, threads, settings)
        : StarDistFinder.ofTask(model, threads, settings);
  }

  /**
   * Finds.
   *
   * @return empty for a plane without a finite pixel in a channel that the network is given
   * @throws IllegalArgumentException where the plane is too large, or there is too much in it
   */
  Optional<Found> find(PlanePixels pixels, PlaneCounts counts, PlaneStatistics statistics)
      throws ImageReadException;
}
