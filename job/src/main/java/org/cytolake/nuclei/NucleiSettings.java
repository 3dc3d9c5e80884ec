package org.cytolake.nuclei;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.cytolake.image.LimitException;
import org.cytolake.stardist.StarThresholds;

/**
 * How nuclei are found and measured.
 *
 * @param segmented indices of the channels that the network is given, in its order
 * @param together whether those channels share their percentiles
 * @param channels names of all channels
 * @param thresholds on probability and overlap
 * @param tiling how planes are cut
 * @param maxPixels most pixels of a plane that is segmented
 * @param maxCandidates most candidates in one tile, and in one plane
 * @param ring width of the rings around nuclei, pixels; 0: none
 * @param cellposeOrNull see {@link #cellpose}; serialisation takes no Optional
 */
public record NucleiSettings(
    List<Integer> segmented,
    boolean together,
    List<String> channels,
    StarThresholds thresholds,
    Tiling tiling,
    long maxPixels,
    int maxCandidates,
    int ring,
    CellposeSettings cellposeOrNull)
    implements Serializable {
  public NucleiSettings {
    segmented = List.copyOf(segmented);
    channels = List.copyOf(channels);
  }

  /** For a StarDist network. */
  NucleiSettings(
      List<Integer> segmented,
      boolean together,
      List<String> channels,
      StarThresholds thresholds,
      Tiling tiling,
      long maxPixels,
      int maxCandidates,
      int ring) {
    this(segmented, together, channels, thresholds, tiling, maxPixels, maxCandidates, ring, null);
  }

  /**
   * For a Cellpose network, whose tiles are its own: {@link #thresholds} then say how probable the
   * pixels of nuclei are at least. Empty for a StarDist network.
   */
  Optional<CellposeSettings> cellpose() {
    return Optional.ofNullable(cellposeOrNull);
  }

  /**
   * Checks a plane's size.
   *
   * @throws LimitException where it has too many pixels
   */
  void requireSize(long pixels) {
    if (pixels > maxPixels) {
      throw new LimitException(
          "it has " + pixels + " pixels, more than segmentation.max-pixels = " + maxPixels,
          "Raise segmentation.max-pixels, or keep the image out of the input.");
    }
  }

  /**
   * The same with tiles that fit the memory.
   *
   * @param tasks that run the network at once in this JVM
   */
  NucleiSettings inMemory(int tasks) {
    return new NucleiSettings(
        segmented,
        together,
        channels,
        thresholds,
        tiling.inMemory(tasks),
        maxPixels,
        maxCandidates,
        ring,
        cellposeOrNull);
  }

  /** The channel of whose intensities warnings speak. */
  public String segmentedChannel() {
    return channels.get(segmented.get(0));
  }
}
