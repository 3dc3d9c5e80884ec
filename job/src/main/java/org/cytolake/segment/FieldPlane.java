package org.cytolake.segment;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.source.Field;

/**
 * One plane to segment.
 *
 * @param field the image
 * @param z index of the z plane in the file
 * @param t index of the time point
 * @param low percentile 1 of the segmented channel's intensities
 * @param high percentile 99.8
 * @param colocalization thresholds of the whole plane for every pair of channels, null for one
 *     without pixels; empty where there is one channel
 */
public record FieldPlane(
    Field field,
    int z,
    int t,
    double low,
    double high,
    List<Colocalization.Thresholds> colocalization)
    implements Serializable {
  public FieldPlane {
    colocalization = Collections.unmodifiableList(new ArrayList<>(colocalization));
  }
}
