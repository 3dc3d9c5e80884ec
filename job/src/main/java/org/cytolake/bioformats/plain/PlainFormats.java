package org.cytolake.bioformats.plain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import loci.common.RandomAccessInputStream;
import loci.formats.FormatException;
import loci.formats.FormatTools;
import loci.formats.IFormatReader;

/** Tells by a file's bytes which reader of this package takes it, and whether it is all there. */
public final class PlainFormats {
  /** Bytes of a file's beginning that are looked at. */
  public static final int HEAD = 4096;

  private static final int LIF = 0x70;
  private static final int LIF_MEMORY = 0x2a;
  private static final int ND2 = 0xdacebe0a;
  private static final Set<String> UNCOMPRESSED =
      Set.of(
          "BioRadReader",
          "DeltavisionReader",
          "GatanDM2Reader",
          "GatanReader",
          "IPLabReader",
          "IvisionReader",
          "MRCReader",
          "SPEReader",
          "SpiderReader");

  private static final Pattern ICS_SIZES = Pattern.compile("\\nlayout\\tsizes((?:\\t\\d+)+)");
  private static final Pattern ICS_PLAIN =
      Pattern.compile("\\nrepresentation\\tcompression\\tuncompressed");
  private static final String ND2_END = "ND2 CHUNK MAP SIGNATURE 0000001!";

  private PlainFormats() {}

  /** The class of the reader; empty where it is for Bio-Formats. */
  public static Optional<String> reader(byte[] head) {
    Class<?> reader = null;
    if (begins(head, "SIMPLE  =")) {
      reader = FitsImages.class;
    } else if (NetpbmImages.begins(head)) {
      reader = NetpbmImages.class;
    } else if (begins(head, "BM") && head.length > 26 && head[6] == 0 && head[7] == 0) {
      reader = BmpImages.class;
    } else if (begins(head, "\u0089PNG\r\n\u001a\n")) {
      reader = PngImages.class;
    } else if (begins(head, "\u00ff\u00d8\u00ff")) {
      reader = JpegImages.class;
    }
    return Optional.ofNullable(reader).map(Class::getName);
  }

  /** Whether a file begins as TIFF or BigTIFF do. */
  public static boolean isTiff(byte[] head) {
    return begins(head, "II*\0")
        || begins(head, "MM\0*")
        || begins(head, "II+\0")
        || begins(head, "MM\0+");
  }

  private static boolean begins(byte[] head, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
    return head.length >= wanted.length
        && java.util.Arrays.equals(head, 0, wanted.length, wanted, 0, wanted.length);
  }

  /**
   * That a file of a vendor's format goes on to the end that it declares. Where a reader finds no
   * end it guesses, and what it makes of the rest is no image.
   *
   * @throws RefusedException where it does not
   */
  public static void requireEnd(byte[] head, RandomAccessInputStream file)
      throws FormatException, IOException {
    if (head.length < 16) {
      return;
    }
    int magic =
        (head[0] & 0xff) << 24 | (head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | (head[3] & 0xff);
    if (magic == ND2) {
      requireNd2(file);
    } else if (magic == LIF << 24 && head[8] == LIF_MEMORY) {
      requireLif(file);
    } else if (begins(head, "ZISRAWFILE")) {
      requireCzi(file);
    } else if (begins(head, "\t\nics_version\t2") || begins(head, "\t\r\nics_version\t2")) {
      requireIcs(new String(head, StandardCharsets.ISO_8859_1), file);
    }
  }

  /**
   * That a file is as long as its pixels, where its format knows no compression: the readers fill
   * up with zeros.
   *
   * @throws RefusedException where it is shorter
   */
  public static void requirePixels(IFormatReader reader, long length) throws FormatException {
    if (!UNCOMPRESSED.contains(reader.getClass().getSimpleName())) {
      return;
    }
    long bytes = 0;
    for (int s = 0; s < reader.getSeriesCount(); s++) {
      reader.setSeries(s);
      bytes += (long) FormatTools.getPlaneSize(reader) * reader.getImageCount();
    }
    reader.setSeries(0);
    if (bytes > length) {
      throw RefusedException.truncated(
          "it is truncated: its pixels need " + bytes + " bytes, it has " + length);
    }
  }

  private static void requireNd2(RandomAccessInputStream file) throws FormatException, IOException {
    byte[] end = new byte[40];
    file.seek(file.length() - end.length);
    file.readFully(end);
    if (!begins(end, ND2_END)) {
      throw RefusedException.truncated(
          "it is truncated: the map of its chunks, its end, is not there");
    }
  }

  /**
   * Blocks: 0x70, length, 0x2a, characters, text; of memory 0x2a, bytes, 0x2a, characters, name.
   */
  private static void requireLif(RandomAccessInputStream file) throws FormatException, IOException {
    file.order(true);
    file.seek(4);
    long at = 8 + Integer.toUnsignedLong(file.readInt());
    while (at + 16 < file.length()) {
      file.seek(at);
      if (file.readInt() != LIF) {
        return; // not as described: left to the reader
      }
      file.readInt();
      file.readByte();
      long place = file.getFilePointer();
      long bytes = Integer.toUnsignedLong(file.readInt());
      if (file.readByte() != LIF_MEMORY) {
        file.seek(place);
        bytes = file.readLong();
        file.readByte();
      }
      long name = 2L * file.readInt();
      at = file.getFilePointer() + name + bytes;
      requireLength(file, at);
    }
  }

  /** Version 2, which has its pixels behind the line 'end'. */
  private static void requireIcs(String head, RandomAccessInputStream file)
      throws FormatException, IOException {
    int end = head.indexOf("\nend");
    Matcher sizes = ICS_SIZES.matcher(head);
    if (end < 0 || !sizes.find() || !ICS_PLAIN.matcher(head).find()) {
      return; // a long header, or compressed: left to the reader
    }
    long bits = 1;
    for (String size : sizes.group(1).strip().split("\\s+", -1)) {
      bits = Math.multiplyExact(bits, Long.parseLong(size));
    }
    requireLength(file, head.indexOf('\n', end + 1) + 1L + bits / 8);
  }

  private static void requireCzi(RandomAccessInputStream file) throws FormatException, IOException {
    file.order(true);
    file.seek(84);
    requireLength(file, file.readLong());
  }

  private static void requireLength(RandomAccessInputStream file, long end)
      throws FormatException, IOException {
    if (end > file.length()) {
      throw RefusedException.truncated(
          "it is truncated: it declares pixels to byte "
              + end
              + " and ends at byte "
              + file.length());
    }
  }
}
