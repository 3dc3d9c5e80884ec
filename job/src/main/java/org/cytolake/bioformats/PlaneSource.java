package org.cytolake.bioformats;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.cytolake.field.Field;

/** Where a task gets the pixels of one plane after the other. Not thread-safe. */
public final class PlaneSource {
  /** Most samples of a plane that are held in memory, of all channels together. */
  private static final long MOST_SAMPLES = 1L << 27;

  private final PlaneReader reader;
  private final Optional<Correcting> correcting;
  private final List<DataType> types;
  private final List<Samples> samples;

  /** Makes other intensities of those in files. */
  @FunctionalInterface
  public interface Correcting {
    /**
     * Corrects a plane.
     *
     * @param inMemory whether all of it is
     * @throws ImageReadException where it cannot be corrected
     */
    PlanePixels of(Field field, PlanePixels pixels, boolean inMemory) throws ImageReadException;
  }

  /**
   * @param types Spark type of every channel
   * @param correcting what is done to every plane before anybody sees it
   */
  public PlaneSource(
      PlaneReader reader, List<DataType> types, Optional<? extends Correcting> correcting) {
    this.reader = reader;
    this.correcting = correcting.map(Correcting.class::cast);
    this.types = List.copyOf(types);
    this.samples = types.stream().map(PlaneReader::newSamples).toList();
  }

  /**
   * The pixels of a plane: decoded now where they fit memory, else window by window. They are valid
   * until the next call.
   *
   * @throws ImageReadException naming the file and what to do
   */
  public PlanePixels open(Field field, int z, int t) throws ImageReadException {
    if (!isHeld(field)) {
      return corrected(field, new FilePixels(reader, field, z, t, types), false);
    }
    for (int c = 0; c < samples.size(); c++) {
      reader.read(field, c, z, t, 0, 0, field.sizeX(), field.sizeY(), samples.get(c));
    }
    return corrected(field, PlanePixels.of(samples, field.sizeY(), field.sizeX()), true);
  }

  /** Whether the planes of an image are in memory when they are open, and cannot fail any more. */
  public static boolean isHeld(Field field) {
    return field.planePixels() * field.channels().size() <= MOST_SAMPLES;
  }

  private PlanePixels corrected(Field field, PlanePixels pixels, boolean inMemory)
      throws ImageReadException {
    return correcting.isPresent() ? correcting.get().of(field, pixels, inMemory) : pixels;
  }
}
