package org.cytolake.illumination;

import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cytolake.config.IlluminationOptions;
import org.cytolake.config.IlluminationOptions.Method;
import org.cytolake.field.Field;
import org.cytolake.shading.IlluminationSums;

/**
 * What images have in common that are added up.
 *
 * @param planes whether images have more than one
 * @param pixelTypes OME's names of every channel's
 */
record ImageShape(int height, int width, boolean planes, List<String> pixelTypes)
    implements Serializable {
  ImageShape {
    pixelTypes = List.copyOf(pixelTypes);
  }

  static ImageShape of(Field field) {
    return new ImageShape(
        field.sizeY(),
        field.sizeX(),
        field.sizeZ() * field.sizeT() > 1,
        field.channels().stream().map(Field.Channel::pixelType).toList());
  }

  /** Whether there is a function of images like this. */
  boolean isSummed() {
    return (long) height * width <= IlluminationSums.MOST_PIXELS;
  }

  /** Sums of no plane, for each channel. */
  List<IlluminationSums> sums(IlluminationOptions options) {
    return pixelTypes.stream()
        .map(
            type ->
                switch (options.method()) {
                  case BACKGROUND -> IlluminationSums.ofBlocks(height, width, options.blockSize());
                  case BASIC -> IlluminationSums.ofCopies(height, width);
                  case NONE, REGULAR -> IlluminationSums.ofPixels(height, width);
                })
        .toList();
  }

  /** Bytes of those, at most. */
  long bytes(IlluminationOptions options) {
    long block = options.method() == Method.BACKGROUND ? options.blockSize() : 1;
    long copies = options.method() == Method.BASIC ? IlluminationSums.bytesOfCopies() : 0;
    return pixelTypes.size() * (8 * (1 + height / block) * (1 + width / block) + copies);
  }

  /** Of every group that which most of its pixels have. */
  static Map<List<String>, ImageShape> ofMost(List<Field> fields, IlluminationGroups groups) {
    Map<List<String>, Map<ImageShape, Long>> pixels = new HashMap<>();
    for (Field field : fields) {
      pixels
          .computeIfAbsent(groups.values(field.groups()), g -> new HashMap<>())
          .merge(of(field), field.planePixels() * field.sizeZ() * field.sizeT(), Long::sum);
    }
    Map<List<String>, ImageShape> most = new HashMap<>();
    Comparator<Map.Entry<ImageShape, Long>> order =
        Map.Entry.<ImageShape, Long>comparingByValue()
            .thenComparing(entry -> entry.getKey().toString(), Comparator.reverseOrder());
    pixels.forEach(
        (group, shapes) ->
            most.put(group, shapes.entrySet().stream().max(order).orElseThrow().getKey()));
    most.values().removeIf(shape -> !shape.isSummed());
    return most;
  }
}
