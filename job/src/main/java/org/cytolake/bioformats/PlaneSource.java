package org.cytolake.bioformats;

import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.cytolake.field.Field;

/** Where a task gets the pixels of one plane after the other. Not thread-safe. */
public final class PlaneSource {
  /** Most samples of a plane that are held in memory, of all channels together. */
  private static final long MOST_SAMPLES = 1L << 27;

  private final PlaneReader reader;
  private final List<DataType> types;
  private final List<Samples> samples;

  /**
   * @param types Spark type of every channel
   */
  public PlaneSource(PlaneReader reader, List<DataType> types) {
    this.reader = reader;
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
    if (field.planePixels() * types.size() > MOST_SAMPLES) {
      return new FilePixels(reader, field, z, t, types);
    }
    for (int c = 0; c < samples.size(); c++) {
      reader.read(field, c, z, t, 0, 0, field.sizeX(), field.sizeY(), samples.get(c));
    }
    return PlanePixels.of(samples, field.sizeY(), field.sizeX());
  }
}
