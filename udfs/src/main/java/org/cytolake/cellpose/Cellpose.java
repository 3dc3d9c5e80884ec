package org.cytolake.cellpose;

import org.cytolake.image.LabelImage;

/**
 * From flows to objects, as {@code cellpose.dynamics.resize_and_compute_masks} makes them of flows
 * in the image's own size ({@code resample=True}).
 */
public final class Cellpose {
  /** Steps of the flow where objects have the diameter for which the network was trained. */
  private static final int STEPS = 200;

  private Cellpose() {}

  /**
   * How many steps pixels follow the flow: as many more as objects are larger.
   *
   * @param rescale by which the image was enlarged for the network, above 0
   */
  public static int steps(float rescale) {
    return (int) (1 / rescale * STEPS);
  }

  /**
   * Finds objects.
   *
   * @param steps for which pixels follow the flow, see {@link #steps}
   * @return objects, numbered from 1 in the order of their first pixels, row by row
   * @throws IllegalArgumentException where a flow in an object is no number
   */
  public static LabelImage objects(CellFlows flows, FlowThresholds thresholds, int steps) {
    LabelImage image = followed(flows, thresholds, steps);
    FilledObjects.fill(image, image.maxLabel(), thresholds.minSize());
    return image;
  }

  /**
   * Objects before holes are filled and small ones removed, with gaps in their numbers; {@code
   * cellpose.dynamics.compute_masks}.
   */
  static LabelImage followed(CellFlows flows, FlowThresholds thresholds, int steps) {
    int[] ends = FlowFollowing.ends(flows, thresholds.cellProb(), steps);
    LabelImage image = Sinks.label(ends, flows.height(), flows.width());
    if (thresholds.flowError() > 0) {
      FlowError.remove(image, image.maxLabel(), flows, thresholds.flowError());
    }
    return image;
  }
}
