package org.cytolake.bioformats.plain;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import loci.formats.FormatException;

/**
 * A JPEG image of 8 bits, decoded by the JDK, whose guess at the colours is not asked.
 *
 * @param samples row by row, channels of a pixel together
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record JpegRaster(byte[] samples, int width, int height, int channels) {
  /** What three channels are. */
  public enum Colours {
    /** Not to be changed. */
    AS_STORED,
    /** YCbCr, to be made RGB. */
    Y_CB_CR,
    /** What markers and names of components say, after libjpeg. */
    BY_MARKERS
  }

  /** What a stream declares. */
  record Size(int width, int height, int channels) {}

  /** What a stream says before its pixels. */
  private record Frame(
      Size size, int precision, int process, int[] ids, int[] sampling, boolean jfif, int adobe) {
    boolean isYCbCr() {
      if (jfif || adobe >= 0) {
        return jfif || adobe == 1;
      }
      return !(ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B');
    }
  }

  /**
   * Decodes a stream.
   *
   * @throws RefusedException where it ends early, or is of a kind that is not read
   */
  public static JpegRaster decode(byte[] jpeg, Colours colours)
      throws FormatException, IOException {
    Frame frame = frame(jpeg);
    requireKnown(frame);
    int channels = frame.ids().length;
    Raster raster = raster(jpeg);
    byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
    boolean convert =
        channels == 3
            && (colours == Colours.Y_CB_CR || (colours == Colours.BY_MARKERS && frame.isYCbCr()));
    if (convert) {
      toRgb(samples);
    }
    return new JpegRaster(samples, raster.getWidth(), raster.getHeight(), channels);
  }

  private static void requireKnown(Frame frame) throws FormatException {
    if (frame.precision() != 8 || frame.process() > 2) {
      throw RefusedException.unsupported(
          "JPEG of "
              + frame.precision()
              + " bits and process "
              + frame.process()
              + " is not supported");
    }
    int channels = frame.ids().length;
    if (channels != 1 && channels != 3) {
      throw RefusedException.unsupported("JPEG of " + channels + " channels is not supported");
    }
    if (channels == 3) {
      requireUsual(frame.sampling());
    }
  }

  /** Decoders differ in how they enlarge other kinds of chroma. */
  private static void requireUsual(int[] sampling) throws FormatException {
    int across = sampling[0] >> 4;
    int down = sampling[0] & 15;
    boolean usual =
        sampling[1] == 0x11
            && sampling[2] == 0x11
            && ((across == 1 && down == 1)
                || (across == 2 && down == 1)
                || (across == 2 && down == 2));
    if (!usual) {
      throw RefusedException.unsupported(
          "JPEG with chroma subsampling of " + across + " x " + down + " is not supported");
    }
  }

  private static Raster raster(byte[] jpeg) throws FormatException, IOException {
    ImageReader reader = null;
    for (Iterator<ImageReader> all = ImageIO.getImageReadersByFormatName("JPEG"); all.hasNext(); ) {
      ImageReader next = all.next();
      reader = next.getClass().getName().startsWith("com.sun.imageio.") ? next : reader;
    }
    if (reader == null) {
      throw RefusedException.unsupported("this Java has no reader for JPEG");
    }
    List<String> warnings = new ArrayList<>();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg))) {
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      reader.setInput(in, true, true);
      Raster raster = reader.readRaster(0, null);
      for (String warning : warnings) {
        if (warning.contains("remature")) { // 'Premature end of JPEG file', 'Corrupt ... premature'
          throw RefusedException.truncated("its JPEG stream is truncated: " + warning);
        }
      }
      return raster;
    } finally {
      reader.dispose();
    }
  }

  /** ITU-T T.871, in the integers of libjpeg. */
  private static void toRgb(byte[] samples) {
    for (int i = 0; i + 2 < samples.length; i += 3) {
      int y = samples[i] & 0xff;
      int cb = (samples[i + 1] & 0xff) - 128;
      int cr = (samples[i + 2] & 0xff) - 128;
      samples[i] = clamp(y + ((91881 * cr + 32768) >> 16));
      samples[i + 1] = clamp(y + ((-22554 * cb - 46802 * cr + 32768) >> 16));
      samples[i + 2] = clamp(y + ((116130 * cb + 32768) >> 16));
    }
  }

  private static byte clamp(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }

  /** A stream with the tables that TIFF keeps apart from it. */
  public static byte[] withTables(byte[] tables, byte[] stream) {
    if (tables == null || tables.length < 4 || stream.length < 2) {
      return stream;
    }
    byte[] whole = Arrays.copyOf(tables, tables.length - 2 + stream.length - 2);
    System.arraycopy(stream, 2, whole, tables.length - 2, stream.length - 2);
    return whole;
  }

  static Size size(byte[] jpeg) throws FormatException {
    Frame frame = frame(jpeg);
    requireKnown(frame);
    return frame.size();
  }

  private static int number(byte[] jpeg, int at) {
    return (jpeg[at] & 0xff) << 8 | (jpeg[at + 1] & 0xff);
  }

  private static Frame frame(byte[] jpeg) throws FormatException {
    boolean jfif = false;
    int adobe = -1;
    int at = 2;
    while (at + 4 <= jpeg.length) {
      if ((jpeg[at] & 0xff) != 0xff) {
        throw RefusedException.damaged("its JPEG stream has no marker at byte " + at);
      }
      int marker = jpeg[at + 1] & 0xff;
      if (marker == 0xff || marker == 0xd8 || marker == 0x01) {
        at += marker == 0xff ? 1 : 2;
        continue;
      }
      int length = number(jpeg, at + 2);
      boolean isFrame =
          marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
      if (at + 2 + length > jpeg.length || marker == 0xda || marker == 0xd9) {
        break;
      }
      if (marker == 0xe0 && length >= 7 && jpeg[at + 4] == 'J' && jpeg[at + 5] == 'F') {
        jfif = true;
      } else if (marker == 0xee && length >= 14 && jpeg[at + 4] == 'A' && jpeg[at + 5] == 'd') {
        adobe = jpeg[at + 15] & 0xff;
      } else if (isFrame) {
        int count = jpeg[at + 9] & 0xff;
        int[] ids = new int[count];
        int[] sampling = new int[count];
        for (int c = 0; c < count && at + 11 + 3 * c < jpeg.length; c++) {
          ids[c] = jpeg[at + 10 + 3 * c] & 0xff;
          sampling[c] = jpeg[at + 11 + 3 * c] & 0xff;
        }
        Size size = new Size(number(jpeg, at + 7), number(jpeg, at + 5), count);
        return new Frame(size, jpeg[at + 4] & 0xff, marker & 15, ids, sampling, jfif, adobe);
      }
      at += 2 + length;
    }
    throw RefusedException.truncated("its JPEG stream ends before its pixels");
  }

  /**
   * The samples of the upper left part.
   *
   * @throws RefusedException where the image is smaller, or has other channels
   */
  public byte[] samples(int columns, int rows, int ofChannels) throws FormatException {
    if (columns > width || rows > height || ofChannels != channels) {
      throw RefusedException.damaged(
          "a JPEG stream of "
              + width
              + " x "
              + height
              + " pixels and "
              + channels
              + " channels is in the place of one of "
              + columns
              + " x "
              + rows
              + " and "
              + ofChannels);
    }
    if (columns == width) {
      return samples;
    }
    byte[] part = new byte[columns * rows * channels];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(
          samples, r * width * channels, part, r * columns * channels, columns * channels);
    }
    return part;
  }
}
