package org.cytolake.bioformats;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import loci.formats.FormatTools;
import loci.formats.IFormatReader;
import loci.formats.ome.OMEPyramidStore;

/**
 * Holds what a file declares against what it can hold and against the memory, before there is room
 * made for it.
 */
final class DeclaredSize {
  /** Most channels of a series: a table's columns. */
  static final int MOST_CHANNELS = 1 << 14;

  /** Most series of a file. */
  static final int MOST_SERIES = 1 << 18;

  /** A plane of no more bytes may be in a file of any length. */
  private static final long ALWAYS_POSSIBLE = 1L << 28;

  /** No compression of microscopes' formats makes planes smaller by more, apart from empty ones. */
  private static final long LARGEST_RATIO = 100_000;

  /** Planes that a file of any length may have; a longer one may have one more a byte. */
  private static final long PLANES_ALWAYS_POSSIBLE = 1 << 16;

  /** Bytes of memory for each plane that an OME-TIFF declares. */
  private static final int PLANE_BYTES = 500;

  /** What headers may take of the memory. */
  private static final double SHARE = 0.4;

  private static final Pattern PIXELS = Pattern.compile("<(?:\\w+:)?Pixels\\b[^>]*>");
  private static final Pattern SIZE = Pattern.compile("\\bSize([ZCT])\\s*=\\s*[\"']\\s*(\\d+)");

  private DeclaredSize() {}

  /** Of metadata: a name for each channel of each series, and more. */
  static final class Metadata extends OMEPyramidStore {
    @Override
    public void setImageID(String id, int image) {
      requireFewer(image, MOST_SERIES, "series");
      super.setImageID(id, image);
    }

    @Override
    public void setChannelID(String id, int image, int channel) {
      requireFewer(channel, MOST_CHANNELS, "channels");
      super.setChannelID(id, image, channel);
    }
  }

  private static void requireFewer(int index, int most, String what) {
    if (index >= most) {
      throw new IllegalArgumentException("it declares more than " + most + " " + what);
    }
  }

  /**
   * What a reader found.
   *
   * @throws IllegalArgumentException where it cannot be
   */
  static void require(IFormatReader reader, long fileBytes) {
    requireFewer(reader.getSeriesCount() - 1, MOST_SERIES, "series");
    for (int s = 0; s < reader.getSeriesCount(); s++) {
      reader.setSeries(s);
      int channels = reader.getSizeC();
      requireFewer(channels - 1, MOST_CHANNELS, "channels");
      long planes =
          multiplied(List.of(1L * reader.getSizeZ(), 1L * reader.getSizeT(), 1L * channels));
      if (planes > PLANES_ALWAYS_POSSIBLE + fileBytes) {
        throw impossible(planes + " planes", fileBytes);
      }
      long bytes =
          multiplied(
              List.of(
                  1L * reader.getSizeX(),
                  1L * reader.getSizeY(),
                  1L * reader.getRGBChannelCount(),
                  1L * FormatTools.getBytesPerPixel(reader.getPixelType())));
      if (bytes > Math.max(ALWAYS_POSSIBLE, fileBytes * LARGEST_RATIO)) {
        throw impossible(
            "planes of " + reader.getSizeX() + " x " + reader.getSizeY() + " pixels", fileBytes);
      }
    }
  }

  private static IllegalArgumentException impossible(String what, long fileBytes) {
    return new IllegalArgumentException(
        "it declares " + what + ", more than its " + fileBytes + " bytes can hold");
  }

  /** Long.MAX_VALUE where it is more; factors of 0 or less count as 1. */
  private static long multiplied(List<Long> factors) {
    long product = 1;
    for (long factor : factors) {
      long by = Math.max(1, factor);
      product = product > Long.MAX_VALUE / by ? Long.MAX_VALUE : product * by;
    }
    return product;
  }

  /**
   * A description in XML: a document type would let it name other documents, and the planes that
   * OME-XML declares must fit the memory.
   */
  static void requireDescription(String file, String xml) throws ImageReadException {
    if (xml.contains("<!DOCTYPE") || xml.contains("<!ENTITY")) {
      throw ImageReadException.of(
          file,
          "header",
          "DOCUMENT_TYPE",
          "The XML in "
              + file
              + " declares a document type, which could make its reader open other documents.",
          "No microscope writes one: keep the file out of the input, or take the declaration out of"
              + " its description.",
          null);
    }
    Matcher pixels = PIXELS.matcher(xml);
    long all = 0;
    while (pixels.find()) {
      Matcher size = SIZE.matcher(pixels.group());
      long planes = 1;
      while (size.find()) {
        long n = size.group(2).length() > 10 ? Integer.MAX_VALUE : Long.parseLong(size.group(2));
        requireChannels(file, size.group(1), n);
        planes = multiplied(List.of(planes, n));
      }
      all = Math.min(Long.MAX_VALUE / PLANE_BYTES, all + Math.min(planes, 1L << 48));
      requireMemory(file, all * PLANE_BYTES, "the " + all + " planes that it declares");
    }
  }

  private static void requireChannels(String file, String dimension, long n)
      throws ImageReadException {
    if (dimension.equals("C") && n > MOST_CHANNELS) {
      throw ImageReadException.of(
          file,
          "header",
          "TOO_LARGE",
          "The file " + file + " declares " + n + " channels; most are " + MOST_CHANNELS + ".",
          "The file is damaged: copy it again, or keep it out of the input.",
          null);
    }
  }

  /** Bytes of memory that a header takes. */
  static void requireMemory(String file, long bytes, String what) throws ImageReadException {
    if (bytes > SHARE * Runtime.getRuntime().maxMemory()) {
      throw ImageReadException.of(
          file,
          "header",
          "TOO_LARGE",
          "The header of "
              + file
              + " takes more memory than there is: "
              + what
              + " need some "
              + (bytes >> 20)
              + " of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB.",
          "The file is damaged, or give the job more memory (CYTOLAKE_MEMORY,"
              + " spark.driver.memory, spark.executor.memory).",
          null);
    }
  }
}
