package org.cytolake.config;

/**
 * Section {@code segmentation.cellpose}: how a Cellpose network's flows become objects.
 *
 * @param diameter of objects, pixels; 0: what the model's metadata say
 * @param cellProbThreshold logit above which pixels belong to objects
 * @param flowThreshold largest flow error of an object, 0 or more; 0: none is looked at
 * @param minSize smaller objects go, pixels
 */
public record CellposeOptions(
    double diameter, double cellProbThreshold, double flowThreshold, int minSize) {
  private static final String SECTION = "segmentation.cellpose";

  /** What the section says where nobody changes it. */
  public static final CellposeOptions DEFAULT = new CellposeOptions(0, 0, 0.4, 15);

  static CellposeOptions of(Values v) {
    return new CellposeOptions(
        v.positiveOr(SECTION + ".diameter", "model"),
        v.number(SECTION + ".cell-prob-threshold"),
        v.notNegative(SECTION + ".flow-threshold"),
        (int) v.integer(SECTION + ".min-size", 0, Integer.MAX_VALUE));
  }
}
