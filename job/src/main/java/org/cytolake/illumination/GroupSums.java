package org.cytolake.illumination;

import java.util.ArrayList;
import java.util.List;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.bioformats.PlaneSource;
import org.cytolake.config.IlluminationOptions;
import org.cytolake.field.Field;
import org.cytolake.image.Plane;
import org.cytolake.shading.IlluminationSums;

/**
 * Adds the images of one group up, channel by channel. An image counts when all of its planes could
 * be read, else not at all. Not thread-safe.
 */
final class GroupSums {
  private final List<IlluminationSums> sums;
  private List<IlluminationSums> ofImage = List.of(); // of an image under way

  GroupSums(ImageShape shape, IlluminationOptions options) {
    this.sums = shape.sums(options);
  }

  /** Begins an image. */
  void begin(Field field) {
    boolean atOnce = field.sizeZ() * field.sizeT() == 1 && PlaneSource.isHeld(field);
    ofImage = atOnce ? sums : sums.stream().map(IlluminationSums::none).toList();
  }

  /** Adds a plane of it. */
  void add(PlanePixels pixels) throws ImageReadException {
    for (int c = 0; c < ofImage.size(); c++) {
      Plane plane = pixels.read(c, pixels.whole());
      ofImage.get(c).add(plane);
    }
  }

  /** Ends the image: it counts, if all of its planes were added. */
  void end(boolean complete) {
    for (int c = 0; complete && ofImage != sums && c < ofImage.size(); c++) {
      sums.get(c).plus(ofImage.get(c));
    }
    ofImage = List.of();
  }

  /** Of every channel those of which a plane was added. */
  List<IlluminationSums> sums() {
    return new ArrayList<>(sums);
  }
}
