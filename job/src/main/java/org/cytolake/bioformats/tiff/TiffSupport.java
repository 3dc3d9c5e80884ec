package org.cytolake.bioformats.tiff;

import java.util.Map;
import loci.formats.FormatException;
import org.cytolake.bioformats.plain.RefusedException;

/** Which kinds of TIFF are read: here, or by Bio-Formats where that is right. */
final class TiffSupport {
  private static final int CMYK = 5;
  private static final int Y_CB_CR = 6;

  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(2, "CCITT (run length)"),
          Map.entry(3, "CCITT group 3 fax"),
          Map.entry(4, "CCITT group 4 fax"),
          Map.entry(6, "JPEG of TIFF 6.0 ('old-style')"),
          Map.entry(9, "JBIG"),
          Map.entry(10, "JBIG"),
          Map.entry(32766, "NeXT"),
          Map.entry(32771, "CCITT (run length, word aligned)"),
          Map.entry(32809, "ThunderScan"),
          Map.entry(34661, "JBIG"),
          Map.entry(34676, "SGI LogLuv"),
          Map.entry(34677, "SGI LogLuv 24"),
          Map.entry(34887, "LERC"),
          Map.entry(34925, "LZMA"),
          Map.entry(34933, "PNG"),
          Map.entry(34934, "JPEG XR"),
          Map.entry(50001, "WebP"),
          Map.entry(50002, "JPEG XL"),
          Map.entry(52546, "JPEG XL"));

  /** Compressions that Bio-Formats undoes. */
  private static final Map<Integer, String> BIO_FORMATS =
      Map.of(
          33003, "JPEG 2000",
          33004, "JPEG 2000",
          33005, "JPEG 2000",
          34712, "JPEG 2000",
          33007, "JPEG",
          34713, "Nikon",
          22610, "JPEG XR");

  private TiffSupport() {}

  static boolean isOurs(int compression) {
    return !BIO_FORMATS.containsKey(compression);
  }

  static void requireCompression(int compression) throws FormatException {
    switch (compression) {
      case TiffLayout.UNCOMPRESSED,
          TiffLayout.LZW,
          TiffLayout.JPEG,
          TiffLayout.DEFLATE,
          TiffLayout.PACK_BITS,
          TiffLayout.OLD_DEFLATE,
          TiffLayout.ZSTD -> {}
      default -> {
        if (!BIO_FORMATS.containsKey(compression)) {
          throw RefusedException.unsupported(
              "the compression "
                  + OTHERS.getOrDefault(compression, "with the code")
                  + " ("
                  + compression
                  + ") is not supported");
        }
      }
    }
  }

  /**
   * That a plane is of a kind that is read.
   *
   * @throws RefusedException where it is not
   */
  static void require(TiffLayout of) throws FormatException {
    if (isOurs(of.compression())) {
      requireColours(of, of.compression() == TiffLayout.JPEG);
    } else {
      requireSafe(of);
    }
    requirePredictor(of);
  }

  private static void requireColours(TiffLayout of, boolean jpeg) throws FormatException {
    boolean yCbCr = of.photometric() == Y_CB_CR;
    if (jpeg && (of.bits() != 8 || of.kind() != TiffLayout.Kind.UNSIGNED)) {
      throw RefusedException.unsupported(of.bits() + "-bit JPEG in TIFF is not supported");
    }
    if (jpeg && of.together() != 1 && of.together() != 3) {
      throw RefusedException.unsupported(
          "JPEG of " + of.samples() + " samples a pixel is not supported");
    }
    if (jpeg && of.photometric() > 2 && !yCbCr) {
      throw RefusedException.unsupported(
          "JPEG with photometric interpretation " + of.photometric() + " is not supported");
    }
    if (yCbCr && (!jpeg || of.planar())) {
      throw RefusedException.unsupported(
          "YCbCr "
              + (jpeg ? "in separate planes" : "without JPEG compression")
              + " is not supported");
    }
    if (jpeg && of.reversed()) {
      throw RefusedException.unsupported("JPEG with FillOrder 2 is not supported");
    }
  }

  private static void requirePredictor(TiffLayout of) throws FormatException {
    // of others programs give different values, and libtiff none
    boolean wholeWords = of.bits() == 16 || of.bits() == 32;
    boolean known =
        switch (of.predictor()) {
          case 1 -> true;
          case 2 -> (wholeWords || of.bits() == 8) && of.isStraight();
          case 3 -> of.kind() == TiffLayout.Kind.FLOAT;
          default -> false;
        };
    boolean follows =
        switch (of.compression()) {
          case TiffLayout.LZW, TiffLayout.DEFLATE, TiffLayout.OLD_DEFLATE, TiffLayout.ZSTD -> true;
          default -> of.predictor() == 1;
        };
    if (!known || !follows) {
      throw RefusedException.unsupported(
          "the predictor "
              + of.predictor()
              + " with compression "
              + of.compression()
              + " and samples of "
              + of.bits()
              + " bits is not supported");
    }
  }

  /** Whether Bio-Formats' own decoder has such planes right. */
  static boolean isSafe(TiffLayout of) {
    return of.isStraight()
        && of.photometric() != 0
        && of.photometric() != CMYK
        && of.predictor() != 3
        && !of.reversed();
  }

  /** Of a compression that Bio-Formats undoes: that it has the rest right, too. */
  private static void requireSafe(TiffLayout of) throws FormatException {
    if (!isSafe(of) || of.kind() == TiffLayout.Kind.FLOAT || of.bits() > 16) {
      throw RefusedException.unsupported(
          BIO_FORMATS.get(of.compression())
              + " in TIFF with samples of "
              + of.bits()
              + " bits and photometric interpretation "
              + of.photometric()
              + " is not supported");
    }
  }
}
