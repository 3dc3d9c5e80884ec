package org.cytolake.statistics;

import java.util.List;
import java.util.OptionalDouble;
import org.cytolake.field.Field;

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
        field.channels().stream().map(c -> saturation(c.pixelType())).toList(),
        field.channels().stream().map(c -> c.pixelType().equals("uint8")).toList());
  }

  private static double saturation(String pixelType) {
    return switch (pixelType) {
      case "uint8" -> 255;
      case "int8" -> 127;
      case "uint16" -> 65_535;
      case "int16" -> 32_767;
      case "uint32" -> 4_294_967_295.0;
      case "int32" -> 2_147_483_647.0;
      default -> Double.NaN;
    };
  }
}
