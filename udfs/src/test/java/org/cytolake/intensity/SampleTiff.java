package org.cytolake.intensity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads what the sample data's images are: one plane of unsigned 8 or 16 bits in deflated strips
 * with horizontal differencing, which the JDK's reader does not undo for 16 bits.
 */
public final class SampleTiff {
  private final ByteBuffer file;
  private final int directory;

  private SampleTiff(ByteBuffer file) {
    this.file = file;
    file.order(file.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    directory = file.getInt(4);
  }

  public static SampleTiff read(Path path) throws IOException {
    return new SampleTiff(ByteBuffer.wrap(Files.readAllBytes(path)));
  }

  /** The values of a field of 16- or 32-bit integers. */
  private int[] field(int tag) {
    int entries = file.getShort(directory);
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + 12 * i;
      if ((file.getShort(entry) & 0xffff) == tag) {
        int size = file.getShort(entry + 2) == 3 ? 2 : 4;
        int[] values = new int[file.getInt(entry + 4)];
        int at = values.length * size <= 4 ? entry + 8 : file.getInt(entry + 8);
        for (int k = 0; k < values.length; k++) {
          values[k] = size == 2 ? file.getShort(at + 2 * k) & 0xffff : file.getInt(at + 4 * k);
        }
        return values;
      }
    }
    throw new IllegalArgumentException("no field " + tag);
  }

  public int width() {
    return field(256)[0];
  }

  public double[] pixels() {
    int width = width();
    int bytes = field(258)[0] / 8;
    if (field(259)[0] != 8 || field(317)[0] != 2 || field(277)[0] != 1) {
      throw new IllegalArgumentException("not deflated with horizontal differencing");
    }
    double[] pixels = new double[width * field(257)[0]];
    int[] offsets = field(273);
    int[] sizes = field(279);
    ByteBuffer raw = ByteBuffer.allocate(pixels.length * bytes).order(file.order());
    for (int strip = 0; strip < offsets.length; strip++) {
      Inflater inflater = new Inflater();
      try {
        inflater.setInput(file.slice(offsets[strip], sizes[strip]));
        inflater.inflate(raw);
      } catch (DataFormatException e) {
        throw new IllegalStateException(e);
      } finally {
        inflater.end();
      }
    }
    int mask = (1 << (8 * bytes)) - 1;
    for (int i = 0; i < pixels.length; i++) {
      int difference = bytes == 1 ? raw.get(i) : raw.getShort(2 * i);
      int before = i % width == 0 ? 0 : (int) pixels[i - 1];
      pixels[i] = (before + difference) & mask;
    }
    return pixels;
  }
}
