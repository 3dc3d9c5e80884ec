package org.cytolake.config;

/**
 * Sections {@code segmentation.cellpose} and {@code cells.cellpose}: how a Cellpose network's flows
 * become objects.
 *
 * @param diameter of objects, pixels; 0: what the model's metadata say
 * @param cellProbThreshold logit above which pixels belong to objects
 * @param flowThreshold largest flow error of an object, 0 or more; 0: none is looked at
 * @param minSize smaller objects go, pixels
 */
public record CellposeOptions(
    double diameter, double cellProbThreshold, double flowThreshold, int minSize) {
  /** What a section says where nobody changes it. */
  public static final CellposeOptions DEFAULT = new CellposeOptions(0, 0, 0.4, 15);

  static CellposeOptions of(Values v, String section) {
    return new CellposeOptions(
        v.positiveOr(section + ".diameter", "model"),
        v.number(section + ".cell-prob-threshold"),
        v.notNegative(section + ".flow-threshold"),
        (int) v.integer(section + ".min-size", 0, Integer.MAX_VALUE));
  }
}
