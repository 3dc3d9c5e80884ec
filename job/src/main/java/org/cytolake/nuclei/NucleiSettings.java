package org.cytolake.nuclei;

import java.io.Serializable;
import java.util.List;
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
 */
public record NucleiSettings(
    List<Integer> segmented,
    boolean together,
    List<String> channels,
    StarThresholds thresholds,
    Tiling tiling,
    long maxPixels,
    int maxCandidates,
    int ring)
    implements Serializable {
  public NucleiSettings {
    segmented = List.copyOf(segmented);
    channels = List.copyOf(channels);
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
        ring);
  }

  /** The channel of whose intensities warnings speak. */
  public String segmentedChannel() {
    return channels.get(segmented.get(0));
  }
}
