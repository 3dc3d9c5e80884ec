package org.cytolake.catalog;

import java.util.List;
import java.util.Optional;

/**
 * Which image of OME-Zarr it is.
 *
 * @param relative path of its folder relative to the input
 * @param field the field of a plate that it is; empty: an image by itself
 */
record ZarrPlace(String relative, Optional<OfPlate> field) {
  /** What the metadata of plates tells, as columns. */
  static final List<String> GROUPS = List.of("plate", "well", "field");

  /**
   * A field of a plate.
   *
   * @param plate path of the plate's folder relative to the input
   * @param well by its usual name, of its row and column, where it has one
   * @param field its path in the well; empty: the well tells of none
   */
  record OfPlate(String plate, String well, String field) {
    /** The values of {@link #GROUPS}. */
    List<String> groups(String plateName) {
      return List.of(plateName, well, field);
    }
  }

  /** The last part of the path. */
  String name() {
    return relative.substring(relative.lastIndexOf('/') + 1);
  }
}
