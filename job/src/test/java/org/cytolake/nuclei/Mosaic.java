package org.cytolake.nuclei;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import loci.formats.FormatException;
import loci.formats.FormatTools;
import loci.formats.in.TiffReader;

/**
 * Fields of view side by side, in three rows of four, a few pixels of the last ones cut off, so
 * that nothing fits the tiles.
 */
public final class Mosaic {
  private static final int ROWS = 3;
  private static final int COLUMNS = 4;

  /** A field's intensities, row by row. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Field(int height, int width, int[] samples) {}

  private final List<Field> fields;
  private final int height;
  private final int width;

  private Mosaic(List<Field> fields, int cutOff) {
    this.fields = fields;
    this.height = ROWS * fields.get(0).height() - cutOff;
    this.width = COLUMNS * fields.get(0).width() - cutOff - 2;
  }

  /** Of TIFF files of one size; they are repeated where there are fewer than twelve. */
  public static Mosaic of(List<Path> files, int cutOff) {
    return new Mosaic(files.stream().map(Mosaic::read).toList(), cutOff);
  }

  /** Of a channel of the sample data's 16-bit images. */
  public static Mosaic ofSamples(String channel) {
    Path folder = Path.of("..", "sample-data", "images");
    return of(
        List.of("B02_f1", "B04_f2", "B02_f2", "B04_f1", "B02_f2").stream()
            .map(name -> folder.resolve("SYN001_" + name + "_" + channel + ".tif"))
            .toList(),
        5);
  }

  /** A TIFF file of one channel. */
  static Field read(Path file) {
    try (TiffReader reader = new TiffReader()) {
      reader.setId(file.toString());
      int bytes = FormatTools.getBytesPerPixel(reader.getPixelType());
      byte[] plane = reader.openBytes(0);
      ByteBuffer buffer =
          ByteBuffer.wrap(plane)
              .order(reader.isLittleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      int[] samples = new int[reader.getSizeY() * reader.getSizeX()];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = bytes == 1 ? plane[i] & 0xff : buffer.getShort(2 * i) & 0xffff;
      }
      return new Field(reader.getSizeY(), reader.getSizeX(), samples);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (FormatException e) {
      throw new IllegalStateException(e);
    }
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  /** The intensity at a row and column. */
  public int at(int y, int x) {
    Field first = fields.get(0);
    int place = y / first.height() * COLUMNS + x / first.width();
    Field field = fields.get(place % fields.size());
    return field.samples[y % first.height() * first.width() + x % first.width()];
  }

  /** The intensities, row by row. */
  public int[] pixels() {
    int[] pixels = new int[height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = at(i / width, i % width);
    }
    return pixels;
  }
}
