package org.cytolake.bioformats.tiff;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import loci.formats.tiff.IFD;
import loci.formats.tiff.TiffRational;
import org.cytolake.bioformats.plain.RefusedException;
import org.cytolake.field.Header;

/**
 * Holds the planes that a TIFF file's description declares against those that its directories hold:
 * readers leave out, or make up, what is missing.
 */
public final class DeclaredPlanes {
  private static final int METAMORPH_PLANES = 33629; // as many values as planes
  private static final Pattern IMAGEJ = Pattern.compile("(?m)^images=(\\d{1,9})\\s*$");
  private static final Pattern CHANNELS = Pattern.compile("(?m)^channels=(\\d{1,9})\\s*$");

  /** Of tifffile, which may write one directory for all planes of an array. */
  private static final Pattern CUT_SHORT =
      Pattern.compile("^\\{\"shape\":.*\"truncated\": *true.*}$", Pattern.DOTALL);

  private static final Pattern PIXELS = Pattern.compile("<(?:\\w+:)?Pixels\\b");
  private static final Pattern TIFF_DATA = Pattern.compile("<(?:\\w+:)?TiffData\\b([^>]*)>");
  private static final Pattern PLANE_COUNT =
      Pattern.compile("\\bPlaneCount\\s*=\\s*\"(\\d{1,9})\"");

  private DeclaredPlanes() {}

  /** The description of a directory; empty where it has none. */
  public static String description(IFD ifd) {
    Object value = ifd.get(IFD.IMAGE_DESCRIPTION);
    String text = value instanceof String[] lines ? lines[0] : value instanceof String s ? s : "";
    return text.strip();
  }

  /**
   * Of plain TIFF, ImageJ's and MetaMorph's.
   *
   * @param first the first directory
   * @throws RefusedException where it declares more than there are
   */
  public static void require(IFD first, List<Header.Series> series) throws RefusedException {
    int found = series.stream().mapToInt(DeclaredPlanes::planes).sum();
    if (first.get(METAMORPH_PLANES) instanceof TiffRational[] planes && planes.length > found) {
      throw RefusedException.unsupported(
          "it has "
              + planes.length
              + " planes of MetaMorph's, of which only its reader, which is not there or fails,"
              + " knows");
    }
    String text = description(first);
    if (CUT_SHORT.matcher(text).matches()) {
      throw RefusedException.unsupported(
          "it has one directory for all planes of an array (tifffile's truncate=True)");
    }
    String lines = text.replace('\r', '\n');
    Matcher images = IMAGEJ.matcher(lines);
    if (text.startsWith("ImageJ=") && images.find()) {
      int declared = Integer.parseInt(images.group(1));
      int rgb = series.stream().mapToInt(Header.Series::rgb).max().orElse(1);
      Matcher channels = CHANNELS.matcher(lines);
      if (rgb > 1 && channels.find() && Integer.parseInt(channels.group(1)) % rgb == 0) {
        declared /= rgb; // Bio-Formats counts the colours of a plane as images, ImageJ does not
      }
      if (declared > found) {
        throw RefusedException.incomplete(
            "its description declares " + declared + " images, and it holds " + found);
      }
    }
  }

  /**
   * Of OME-TIFF with one image, whose planes the XML places one by one.
   *
   * @param first the first directory
   * @throws RefusedException where fewer are placed than the image has
   */
  public static void requirePlaced(IFD first, List<Header.Series> series) throws RefusedException {
    String xml = description(first);
    if (series.size() != 1 || PIXELS.matcher(xml).results().count() != 1) {
      return;
    }
    int planes = planes(series.get(0));
    long placed = 0;
    Matcher parts = TIFF_DATA.matcher(xml);
    while (parts.find()) {
      Matcher count = PLANE_COUNT.matcher(parts.group(1));
      if (!count.find()) {
        return; // one, or all from there on
      }
      placed += Long.parseLong(count.group(1));
    }
    if (placed > 0 && placed < planes) {
      throw RefusedException.incomplete(
          "it declares " + planes + " planes, and says where " + placed + " of them lie");
    }
  }

  private static int planes(Header.Series series) {
    return series.channels().size() / series.rgb() * series.sizeZ() * series.sizeT();
  }
}
