package org.cytolake.statistics;

import java.util.List;
import java.util.OptionalDouble;
import org.cytolake.field.Field;
import org.cytolake.field.SampleType;

/**
 * What the header says of an image and its intensities do not.
 *
 * @param pixelAreaUm2 square micrometres of a pixel; empty where unknown
 * @param saturation the largest value that each channel's pixel type holds; NaN for floats
 * @param bytes whether each channel's samples are unsigned 8-bit integers
 */
public record ImageTraits(
    OptionalDouble pixelAreaUm2, List<Double> saturation, List<Boolean> bytes) {
  public ImageTraits {
    saturation = List.copyOf(saturation);
    bytes = List.copyOf(bytes);
  }

  /** Of an image. */
  public static ImageTraits of(Field field) {
    Double x = field.pixelSizeXUm();
    Double y = field.pixelSizeYUm();
    return new ImageTraits(
        x == null || y == null ? OptionalDouble.empty() : OptionalDouble.of(x * y),
        field.channels().stream().map(c -> SampleType.largest(c.pixelType())).toList(),
        field.channels().stream().map(c -> c.pixelType().equals("uint8")).toList());
  }
}
