package org.cytolake.bioformats.tiff;

import java.util.TreeSet;
import loci.formats.tiff.IFD;

/** Tells kinds of TIFF files apart, of each of which one reader takes all. */
public final class TiffKind {
  private TiffKind() {}

  /** The first directory's tags and the start of its texts. */
  public static String of(String suffix, IFD first) {
    return suffix
        + " "
        + new TreeSet<>(first.keySet())
        + " "
        + start(first, IFD.SOFTWARE)
        + " "
        + start(first, IFD.IMAGE_DESCRIPTION);
  }

  private static String start(IFD ifd, int tag) {
    Object value = ifd.get(tag);
    String text = value instanceof String[] lines ? String.join(" ", lines) : String.valueOf(value);
    return text.contains("<OME") ? "OME" : text.substring(0, Math.min(12, text.length()));
  }
}
