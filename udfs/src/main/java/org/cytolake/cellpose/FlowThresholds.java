package org.cytolake.cellpose;

import java.io.Serializable;

/**
 * What counts as an object; the defaults are those of {@code CellposeModel.eval}.
 *
 * @param cellProb pixels whose logit is larger belong to objects; {@value #CELL_PROB}
 * @param flowError an object goes whose pixels' flows differ more than this from those that its
 *     shape would have (mean squared difference of unit vectors, 0 or more); 0: none goes; {@value
 *     #FLOW_ERROR}
 * @param minSize smaller objects go, pixels, 0 or more; {@value #MIN_SIZE}
 */
public record FlowThresholds(double cellProb, double flowError, int minSize)
    implements Serializable {
  public static final double CELL_PROB = 0;
  public static final double FLOW_ERROR = 0.4;
  public static final int MIN_SIZE = 15;

  /** The defaults. */
  public static final FlowThresholds DEFAULT = new FlowThresholds(CELL_PROB, FLOW_ERROR, MIN_SIZE);

  public FlowThresholds {
    if (!Double.isFinite(cellProb) || !(flowError >= 0) || minSize < 0) {
      throw new IllegalArgumentException(
          "no thresholds: cell probability "
              + cellProb
              + ", flow error "
              + flowError
              + ", "
              + minSize
              + " pixels");
    }
  }
}
