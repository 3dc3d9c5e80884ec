package org.cytolake.nuclei;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.image.Plane;
import org.cytolake.network.ModelFile;
import org.cytolake.network.TaskThreads;
import org.cytolake.stardist.Candidates;
import org.cytolake.stardist.PlaneTile;
import org.cytolake.stardist.StarDist;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.statistics.PlaneStatistics;

/**
 * Finds the nuclei of planes, one plane after the other. A plane that is larger than what the
 * network sees at once is cut into tiles with a halo as wide as the network's receptive field, so
 * that it predicts for the core of a tile what it would predict in the whole plane; the candidates
 * of all cores are suppressed together. The result is that of the whole plane at once.
 *
 * <p>What bounds a plane: {@code max-candidates} for those of one tile, and for those of all tiles
 * after each has left out what surely goes ({@link StarDist#thin}); about 300 bytes each. Not
 * thread-safe: one for each task.
 */
public final class StarDistFinder implements NucleiFinder {
  private final Segmenter segmenter;
  private final NucleiSettings settings;

  StarDistFinder(Segmenter segmenter, NucleiSettings settings) {
    this.segmenter = segmenter;
    this.settings = settings;
  }

  /**
   * For the running task, whose end lets go of the network.
   *
   * @param threads that the network may use in a task
   */
  public static StarDistFinder ofTask(ModelFile model, int threads, NucleiSettings settings) {
    int tasks = Math.max(1, TaskThreads.ofExecutor() / Math.max(1, threads));
    return new StarDistFinder(Segmenter.ofTask(model, threads, settings), settings.inMemory(tasks));
  }

  @Override
  public Optional<Found> find(PlanePixels pixels, PlaneCounts counts, PlaneStatistics statistics)
      throws ImageReadException {
    Optional<List<Percentiles>> percentiles = Percentiles.of(settings, statistics, counts, pixels);
    return percentiles.isEmpty() ? Optional.empty() : Optional.of(find(pixels, percentiles.get()));
  }

  /**
   * Finds.
   *
   * @param percentiles of every channel that the network is given
   * @throws IllegalArgumentException where the plane is too large, or has too many candidates
   */
  public Found find(PlanePixels pixels, List<Percentiles> percentiles) throws ImageReadException {
    settings.requireSize(pixels.whole().pixels());
    List<PlaneTile> tiles = settings.tiling().cut(pixels.height(), pixels.width());
    if (tiles.size() > 1) {
      segmenter.requireHalo();
    }
    List<Candidates> found = new ArrayList<>();
    for (PlaneTile tile : tiles) {
      found.add(candidates(pixels, tile, percentiles));
    }
    return select(tiles, found);
  }

  /** The candidates of a tile. */
  Candidates candidates(PlanePixels pixels, PlaneTile tile, List<Percentiles> percentiles)
      throws ImageReadException {
    List<Plane> channels = new ArrayList<>();
    for (int c : settings.segmented()) {
      channels.add(pixels.read(c, tile.window()));
    }
    return segmenter.candidates(channels, tile, percentiles);
  }

  private Found select(List<PlaneTile> tiles, List<Candidates> found) {
    List<Candidates> left = found;
    if (tiles.size() > 1) {
      float largest = 0;
      for (Candidates ofTile : found) {
        largest = Math.max(largest, ofTile.largest());
      }
      left = new ArrayList<>();
      for (int i = 0; i < tiles.size(); i++) {
        left.add(StarDist.thin(found.get(i), tiles.get(i), settings.thresholds(), largest));
      }
    }
    long candidates = left.stream().mapToLong(Candidates::size).sum();
    if (candidates > settings.maxCandidates()) {
      throw StarDist.tooMany(settings.maxCandidates(), settings.thresholds().prob());
    }
    return new Found(StarDist.select(left, settings.thresholds()), candidates);
  }
}
