package org.cytolake.nuclei;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.field.Field;

/**
 * One plane to segment.
 *
 * @param field the image
 * @param z index of the z plane in the file
 * @param t index of the time point
 * @param percentiles of every segmented channel
 * @param colocalization thresholds of the whole plane for every pair of channels, null for one
 *     without pixels; empty where there is one channel
 */
public record FieldPlane(
    Field field,
    int z,
    int t,
    List<Percentiles> percentiles,
    List<Colocalization.Thresholds> colocalization)
    implements Serializable {
  public FieldPlane {
    percentiles = List.copyOf(percentiles);
    colocalization = Collections.unmodifiableList(new ArrayList<>(colocalization));
  }
}
