package org.cytolake.illumination;

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
  private int planes; // of the image, that are to come

  GroupSums(ImageShape shape, IlluminationOptions options) {
    this.sums = shape.sums(options);
  }

  /** Begins an image. */
  void begin(Field field) {
    planes = field.sizeZ() * field.sizeT();
    boolean atOnce = planes == 1 && PlaneSource.isHeld(field); // then no channel fails
    ofImage = atOnce ? sums : sums.stream().map(IlluminationSums::none).toList();
  }

  /** Adds a plane of it. */
  void add(PlanePixels pixels) throws ImageReadException {
    for (int c = 0; c < ofImage.size(); c++) {
      Plane plane = pixels.read(c, pixels.whole());
      ofImage.get(c).add(plane);
    }
    planes--;
  }

  /** Ends the image: it counts, if all of its planes were added. */
  void end() {
    for (int c = 0; planes == 0 && ofImage != sums && c < ofImage.size(); c++) {
      sums.get(c).plus(ofImage.get(c));
    }
    ofImage = List.of();
  }

  /** Those of every channel. */
  List<IlluminationSums> sums() {
    return sums;
  }
}
