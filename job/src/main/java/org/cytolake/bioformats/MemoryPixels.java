package org.cytolake.bioformats;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.cytolake.field.Field;
import org.cytolake.stardist.Window;

/** Pixels of a plane that is held in memory; the next plane takes its place. */
public final class MemoryPixels implements PlanePixels {
  private final List<Samples> planes = new ArrayList<>(); // by channel
  private final List<Samples> windows = new ArrayList<>();
  private int height;
  private int width;

  /**
   * @param types Spark type of every channel
   */
  public MemoryPixels(List<DataType> types) {
    for (DataType type : types) {
      planes.add(PlaneReader.newSamples(type));
      windows.add(PlaneReader.newSamples(type));
    }
  }

  /** Decodes a plane, every channel of it. */
  public void load(PlaneReader reader, Field field, int z, int t) throws ImageReadException {
    height = field.sizeY();
    width = field.sizeX();
    for (int c = 0; c < planes.size(); c++) {
      reader.read(field, c, z, t, 0, 0, width, height, planes.get(c));
    }
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public Samples read(int channel, Window window) {
    if (window.height() == height && window.width() == width) {
      return planes.get(channel);
    }
    Samples into = windows.get(channel);
    into.copy(planes.get(channel), width, window);
    return into;
  }
}
