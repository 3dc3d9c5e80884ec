package org.cytolake.bioformats.plain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

  /** Formats without compression, with the bytes of their headers. */
  private static final Map<String, Integer> UNCOMPRESSED =
      Map.of(
          "BioRadReader", 76,
          "DeltavisionReader", 1024,
          "GatanDM2Reader", 0,
          "GatanReader", 0,
          "IPLabReader", 0,
          "IvisionReader", 0,
          "MRCReader", 1024,
          "SPEReader", 4100,
          "SpiderReader", 0);

  /** Bio-Formats' readers of formats that are read here, for kinds that are not. */
  private static final Set<String> REPLACED =
      Set.of("APNGReader", "BMPReader", "FitsReader", "JPEGReader", "PGMReader");

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
    } else if (begins(head, "BM")
        && head.length > 26
        && BmpImages.HEADERS.contains((int) head[14])) {
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
   * That a file of a vendor's format is of a kind whose reader is right, and goes on to the end
   * that it declares. Where a reader finds no end it guesses, and what it makes of the rest is no
   * image.
   *
   * @param local where it lies, if on a local disk
   * @throws RefusedException where it does not
   */
  public static void requireWhole(byte[] head, RandomAccessInputStream file, Optional<Path> local)
      throws FormatException, IOException {
    VendorKinds.require(head, file.length());
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
      String text = new String(head, StandardCharsets.ISO_8859_1);
      requireLength(
          file.length(), text.indexOf('\n', text.indexOf("\nend") + 1) + 1L + icsBytes(text));
    } else if (local.isPresent() && icsOfTwo(head)) {
      requireIds(new String(head, StandardCharsets.ISO_8859_1), local.get());
    }
  }

  /**
   * That a reader of Bio-Formats is not one that another here stands for.
   *
   * @return the reader
   * @throws RefusedException where it is
   */
  public static String requireOther(String readerClass) throws FormatException {
    if (REPLACED.contains(readerClass.substring(readerClass.lastIndexOf('.') + 1))) {
      throw RefusedException.unsupported("images of this kind of its format are not supported");
    }
    return readerClass;
  }

  /**
   * That a file is as long as its pixels, where its format knows no compression: the readers fill
   * up with zeros.
   *
   * @throws RefusedException where it is shorter
   */
  public static void requirePixels(IFormatReader reader, long length) throws FormatException {
    Integer header = UNCOMPRESSED.get(reader.getClass().getSimpleName());
    if (header == null) {
      return;
    }
    long bytes = header;
    for (int s = 0; s < reader.getSeriesCount(); s++) {
      reader.setSeries(s);
      bytes += (long) FormatTools.getPlaneSize(reader) * reader.getImageCount();
    }
    reader.setSeries(0);
    if (bytes > length) {
      throw RefusedException.truncated(
          "it is truncated: its header and pixels need " + bytes + " bytes, it has " + length);
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
      requireLength(file.length(), at);
    }
  }

  private static boolean icsOfTwo(byte[] head) {
    return begins(head, "\t\nics_version\t1") || begins(head, "\t\r\nics_version\t1");
  }

  /** Version 1 has its pixels in a file of the same name with the suffix ids. */
  private static void requireIds(String head, Path ics) throws FormatException, IOException {
    String name = ics.getFileName().toString();
    String stem = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    for (String suffix : List.of(".ids", ".IDS")) {
      Path pixels = ics.resolveSibling(stem + suffix);
      if (Files.isRegularFile(pixels)) {
        requireLength(Files.size(pixels), icsBytes(head));
        return;
      }
    }
  }

  /**
   * Bytes of the pixels of an ICS file; 0 where the header is long, or says they are compressed.
   */
  private static long icsBytes(String head) {
    Matcher sizes = ICS_SIZES.matcher(head);
    if (!head.contains("\nend") || !sizes.find() || !ICS_PLAIN.matcher(head).find()) {
      return 0;
    }
    long bits = 1;
    for (String size : sizes.group(1).strip().split("\\s+", -1)) {
      bits = Math.multiplyExact(bits, Long.parseLong(size));
    }
    return bits / 8;
  }

  private static void requireCzi(RandomAccessInputStream file) throws FormatException, IOException {
    file.order(true);
    file.seek(84);
    requireLength(file.length(), file.readLong());
  }

  private static void requireLength(long length, long end) throws FormatException {
    if (end > length) {
      throw RefusedException.truncated(
          "it is truncated: it declares pixels to byte " + end + " and ends at byte " + length);
    }
  }
}
