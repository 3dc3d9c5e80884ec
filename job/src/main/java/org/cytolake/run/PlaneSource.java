package org.cytolake.run;

import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.cytolake.bioformats.FilePixels;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.MemoryPixels;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.field.Field;

/** Where a task gets the pixels of one plane after the other. */
final class PlaneSource {
  /** Most samples of a plane that are held in memory, of all channels together. */
  private static final long MOST_SAMPLES = 1L << 27;

  private final PlaneReader reader;
  private final List<DataType> types;
  private final MemoryPixels memory;

  PlaneSource(PlaneReader reader, List<DataType> types) {
    this.reader = reader;
    this.types = types;
    this.memory = new MemoryPixels(types);
  }

  /** The pixels of a plane, decoded where they fit memory; they are valid until the next call. */
  PlanePixels open(Field field, int z, int t) throws ImageReadException {
    if (field.planePixels() * types.size() > MOST_SAMPLES) {
      return new FilePixels(reader, field, z, t, types);
    }
    memory.load(reader, field, z, t);
    return memory;
  }
}
