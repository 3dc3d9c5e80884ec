package org.cytolake.planes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.histogram.PlaneHistograms;

/**
 * One plane as pass 1 hands it on.
 *
 * @param z index of the z plane in the file
 * @param t index of the time point
 * @param histograms what the data source has counted; empty where it does not count such channels
 * @param failure why the image cannot be read
 */
public record PlaneInput(
    Field field, int z, int t, Optional<PlaneHistograms> histograms, Optional<Failure> failure) {

  /** All planes of an image, none of which was counted. */
  public static List<PlaneInput> planes(Field field) {
    List<PlaneInput> planes = new ArrayList<>();
    for (int t = 0; t < field.sizeT(); t++) {
      for (int z = field.firstZ(); z < field.firstZ() + field.sizeZ(); z++) {
        planes.add(new PlaneInput(field, z, t, Optional.empty(), Optional.empty()));
      }
    }
    return planes;
  }
}
