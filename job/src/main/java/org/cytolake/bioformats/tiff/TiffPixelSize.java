package org.cytolake.bioformats.tiff;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import loci.formats.tiff.IFD;
import loci.formats.tiff.TiffRational;

/**
 * The size of a pixel of plain TIFF: XResolution and YResolution per the unit that ImageJ's
 * description names, else per ResolutionUnit. 'No unit' states no length. Dots per inch state the
 * resolution of a scanner, a screen or a printer where they are few.
 *
 * @param x micrometres
 */
public record TiffPixelSize(double x, double y) {
  private static final double INCH_UM = 25_400;

  /** The largest pixel that dots per inch are believed of, µm: scanners have up to 4,800. */
  private static final double LARGEST_OF_INCH_UM = 5;

  private static final Pattern UNIT = Pattern.compile("(?m)^unit=(.*)$");

  private static final Map<String, Double> UNITS_UM =
      Map.ofEntries(
          Map.entry("\u00b5m", 1.0),
          Map.entry("\u03bcm", 1.0),
          Map.entry("um", 1.0),
          Map.entry("micron", 1.0),
          Map.entry("microns", 1.0),
          Map.entry("micrometer", 1.0),
          Map.entry("micrometers", 1.0),
          Map.entry("micrometre", 1.0),
          Map.entry("micrometres", 1.0),
          Map.entry("nm", 1e-3),
          Map.entry("nanometer", 1e-3),
          Map.entry("nanometers", 1e-3),
          Map.entry("mm", 1e3),
          Map.entry("millimeter", 1e3),
          Map.entry("millimeters", 1e3),
          Map.entry("cm", 1e4),
          Map.entry("m", 1e6),
          Map.entry("inch", INCH_UM),
          Map.entry("inches", INCH_UM));

  /** Of a directory; empty where it states no length. */
  public static Optional<TiffPixelSize> of(IFD ifd) {
    double x = resolution(ifd.get(IFD.X_RESOLUTION));
    double y = resolution(ifd.get(IFD.Y_RESOLUTION));
    double unit = unit(ifd);
    if (!(x > 0) || !(y > 0) || !(unit > 0)) {
      return Optional.empty();
    }
    TiffPixelSize size = new TiffPixelSize(unit / x, unit / y);
    boolean believed = unit != INCH_UM || Math.max(size.x, size.y) <= LARGEST_OF_INCH_UM;
    return believed ? Optional.of(size) : Optional.empty();
  }

  private static double unit(IFD ifd) {
    Object comment = ifd.get(IFD.IMAGE_DESCRIPTION);
    String text = comment instanceof String[] lines ? lines[0] : String.valueOf(comment);
    if (text.startsWith("ImageJ=")) {
      Matcher unit = UNIT.matcher(text.replace("\r", "\n"));
      if (unit.find()) {
        String name = unit.group(1).strip().replaceAll("(?i)\\\\u00b5", "\u00b5");
        return UNITS_UM.getOrDefault(name.toLowerCase(Locale.ROOT), 0.0);
      }
    }
    Object tag = ifd.get(IFD.RESOLUTION_UNIT);
    int number = tag instanceof Number n ? n.intValue() : 2;
    return number == 2 ? INCH_UM : number == 3 ? 1e4 : 0;
  }

  private static double resolution(Object value) {
    return value instanceof TiffRational r ? r.doubleValue() : 0;
  }
}
