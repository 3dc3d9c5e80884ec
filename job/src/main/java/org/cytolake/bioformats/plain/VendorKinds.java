package org.cytolake.bioformats.plain;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import loci.formats.FormatException;

/**
 * Kinds of files of which Bio-Formats' readers make other values than those that are stored, or
 * than the format says: they are refused by what the header says.
 */
final class VendorKinds {
  private static final Pattern NRRD_FIELD = Pattern.compile("(?m)^(type|encoding): *(.+?)\\s*$");
  private static final Set<String> NRRD_TYPES =
      Set.of(
          "uchar",
          "unsigned char",
          "uint8",
          "uint8_t",
          "ushort",
          "unsigned short",
          "unsigned short int",
          "uint16",
          "uint16_t",
          "uint",
          "unsigned int",
          "uint32",
          "uint32_t",
          "float",
          "double");

  private static final int NIFTI_HEADER = 348;
  private static final Set<Integer> NIFTI_TYPES = Set.of(2, 4, 8, 16, 64, 256, 512, 768);
  private static final int IMOD = 1146047817;
  private static final Pattern ICS_BITS = Pattern.compile("\\nlayout\\tsizes\\t(\\d+)");
  private static final Pattern ICS_INTEGERS =
      Pattern.compile("\\nrepresentation\\tformat\\tinteger");

  private VendorKinds() {}

  /**
   * By a file's first bytes.
   *
   * @param length bytes of the file
   * @throws RefusedException where it is of a kind that is not read
   */
  static void require(byte[] head, long length) throws FormatException {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("NRRD")) {
      requireNrrd(text);
    } else if (text.startsWith("\t\nics_version") || text.startsWith("\t\r\nics_version")) {
      requireIcs(text);
    } else if (head.length >= 2 && head[0] == 0x1f && (head[1] & 0xff) == 0x8b) {
      requireNifti(unpacked(head));
    } else {
      requireNifti(head);
      requireMrc(head, text, length);
    }
  }

  /** Signed integers would be read as unsigned ones. */
  private static void requireNrrd(String text) throws FormatException {
    int end = text.indexOf("\n\n");
    Matcher field = NRRD_FIELD.matcher(end < 0 ? text : text.substring(0, end));
    while (field.find()) {
      String value = field.group(2).toLowerCase(Locale.ROOT);
      boolean known = field.group(1).equals("type") ? NRRD_TYPES.contains(value) : isRaw(value);
      if (!known) {
        throw RefusedException.unsupported(
            "NRRD of " + field.group(1) + " '" + value + "' is not supported");
      }
    }
  }

  private static boolean isRaw(String encoding) {
    return encoding.equals("raw");
  }

  /** The byte order of 32-bit integers would be reversed. */
  private static void requireIcs(String text) throws FormatException {
    Matcher bits = ICS_BITS.matcher(text);
    if (bits.find() && Integer.parseInt(bits.group(1)) == 32 && ICS_INTEGERS.matcher(text).find()) {
      throw RefusedException.unsupported("32-bit integers in ICS are not supported");
    }
  }

  private static byte[] unpacked(byte[] head) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(head))) {
      return in.readNBytes(NIFTI_HEADER);
    } catch (IOException e) {
      return new byte[0]; // no header of NIfTI is that long
    }
  }

  /** A slope and an intercept would be left out. */
  private static void requireNifti(byte[] head) throws FormatException {
    if (head.length < NIFTI_HEADER || head[344] != 'n' || head[346] != '1') {
      return;
    }
    ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    if (header.getInt(0) != NIFTI_HEADER) {
      header.order(ByteOrder.BIG_ENDIAN);
    }
    int type = header.getShort(70);
    float slope = header.getFloat(112);
    float intercept = header.getFloat(116);
    if (!NIFTI_TYPES.contains(type)) {
      throw RefusedException.unsupported("NIfTI of the data type " + type + " is not supported");
    }
    if (slope != 0 && (slope != 1 || intercept != 0)) {
      throw RefusedException.unsupported(
          "NIfTI whose values are to be scaled (slope "
              + slope
              + ", intercept "
              + intercept
              + ") is not supported");
    }
  }

  /** Of mode 0 only IMOD says whether it is signed; others would be read as bytes. */
  private static void requireMrc(byte[] head, String text, long length) throws FormatException {
    if (head.length < 1024 || !text.startsWith("MAP", 208)) {
      return;
    }
    ByteBuffer header =
        ByteBuffer.wrap(head)
            .order(head[212] == 0x11 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int mode = header.getInt(12);
    boolean unsignedBytes =
        mode == 0 && header.getInt(152) == IMOD && (header.getInt(156) & 1) == 0;
    if (mode == 0 && !unsignedBytes) {
      throw RefusedException.unsupported(
          "8-bit MRC is not supported: whether its values are signed is not certain");
    }
    if (mode != 0 && mode != 1 && mode != 2 && mode != 6) {
      throw RefusedException.unsupported("MRC of mode " + mode + " is not supported");
    }
    long bytes = mode == 2 ? 4 : mode == 0 ? 1 : 2;
    for (int axis = 0; axis < 3; axis++) {
      bytes = Math.multiplyExact(bytes, (long) header.getInt(4 * axis));
    }
    long end = 1024L + header.getInt(92) + bytes;
    if (end > length) {
      throw RefusedException.truncated(
          "it is truncated: its pixels end at byte " + end + ", the file at byte " + length);
    }
  }
}
