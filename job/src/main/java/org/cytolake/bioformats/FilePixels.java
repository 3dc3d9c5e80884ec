package org.cytolake.bioformats;

import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.cytolake.field.Field;
import org.cytolake.image.Plane;
import org.cytolake.stardist.Window;

/** Pixels that are read from their files window by window: of planes too large for memory. */
final class FilePixels implements PlanePixels {
  private final PlaneReader reader;
  private final Field field;
  private final int z;
  private final int t;
  private final List<Samples> samples; // by channel

  /**
   * @param types Spark type of every channel
   */
  FilePixels(PlaneReader reader, Field field, int z, int t, List<DataType> types) {
    this.reader = reader;
    this.field = field;
    this.z = z;
    this.t = t;
    this.samples = types.stream().map(PlaneReader::newSamples).toList();
  }

  @Override
  public int height() {
    return field.sizeY();
  }

  @Override
  public int width() {
    return field.sizeX();
  }

  @Override
  public Plane read(int channel, Window window) throws ImageReadException {
    Samples into = samples.get(channel);
    reader.read(
        field, channel, z, t, window.left(), window.top(), window.width(), window.height(), into);
    return into;
  }
}
