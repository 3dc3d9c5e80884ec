package org.cytolake.segment;

import java.io.Serializable;
import org.cytolake.source.Field;

/**
 * One plane to segment.
 *
 * @param field the image
 * @param z index of the z plane in the file
 * @param t index of the time point
 * @param low percentile 1 of the segmented channel's intensities
 * @param high percentile 99.8
 */
public record FieldPlane(Field field, int z, int t, double low, double high)
    implements Serializable {}
