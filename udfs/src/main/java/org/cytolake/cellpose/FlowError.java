package org.cytolake.cellpose;

import org.cytolake.image.LabelImage;

/**
 * How far the network's flow in an object is from that which the object's shape has; {@code
 * cellpose.metrics.flow_error}.
 */
final class FlowError {
  private FlowError() {}

  /**
   * Removes objects whose error is above a threshold; the others keep their numbers.
   *
   * @param objects number of objects, numbered without gaps
   */
  static void remove(LabelImage image, int objects, CellFlows flows, double threshold) {
    LabelBounds bounds = LabelBounds.of(image, objects);
    Diffusion diffusion = new Diffusion(image, bounds);
    for (int label = 1; label <= objects; label++) {
      if (new Sum(flows).of(diffusion, label) > threshold) {
        erase(image, bounds, label);
      }
    }
  }

  /** Squared differences, summed in the order of the pixels. */
  private static final class Sum {
    private final CellFlows flows;
    private double down;
    private double across;
    private long count;

    Sum(CellFlows flows) {
      this.flows = flows;
    }

    double of(Diffusion diffusion, int label) {
      diffusion.flow(label, this::add);
      return down / count + across / count;
    }

    private void add(int index, double dy, double dx) {
      double y = dy - flows.dy()[index] / 5f;
      double x = dx - flows.dx()[index] / 5f;
      down += y * y;
      across += x * x;
      count++;
    }
  }

  private static void erase(LabelImage image, LabelBounds bounds, int label) {
    int[] labels = image.labels();
    for (int row = bounds.top()[label]; row < bounds.bottom()[label]; row++) {
      int first = row * image.width();
      for (int i = first + bounds.left()[label]; i < first + bounds.right()[label]; i++) {
        if (labels[i] == label) {
          labels[i] = 0;
        }
      }
    }
  }
}
