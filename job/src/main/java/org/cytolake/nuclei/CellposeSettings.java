package org.cytolake.nuclei;

import java.io.Serializable;
import org.cytolake.cellpose.FlowThresholds;
import org.cytolake.stardist.StarThresholds;

/**
 * How nuclei are found with a Cellpose network.
 *
 * @param thresholds on cell probability, flow error and size
 * @param rescale by which images are enlarged for the network, above 0
 */
public record CellposeSettings(FlowThresholds thresholds, float rescale) implements Serializable {
  public CellposeSettings {
    if (!(rescale > 0) || Float.isInfinite(rescale)) {
      throw new IllegalArgumentException("no image can be enlarged by " + rescale);
    }
  }

  /** Least probability of a nucleus' pixels; no two nuclei overlap. */
  StarThresholds probabilities() {
    return new StarThresholds(1 / (1 + Math.exp(-thresholds.cellProb())), 0);
  }
}
