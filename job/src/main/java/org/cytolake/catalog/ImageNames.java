package org.cytolake.catalog;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.cytolake.bioformats.BioFormats;

/**
 * Tells by its name whether a file is an image. Readers claim many names of files that only go with
 * images: settings, logs, thumbnails, lists of files that are images themselves. Those are not.
 */
final class ImageNames {
  private static final Set<String> ACCESSORIES =
      Set.of(
          "",
          "acff",
          "afi",
          "aiix",
          "aisf",
          "ano",
          "atsf",
          "bin",
          "cfg",
          "cif",
          "crc",
          "csv",
          "dat",
          "db",
          "df3",
          "dv.log",
          "env",
          "epsi",
          "ets",
          "exp",
          "fake",
          "frm",
          "gz",
          "h5",
          "hdf",
          "hdr",
          "hed",
          "htd",
          "htm",
          "html",
          "ids",
          "inf",
          "ini",
          "json",
          "l2d",
          "labels",
          "lei",
          "log",
          "lut",
          "map",
          "md",
          "mdb",
          "mtb",
          "nd",
          "ndpis",
          "omp2info",
          "par",
          "parquet",
          "pattern",
          "pdf",
          "pr3",
          "ps",
          "pst",
          "pty",
          "py",
          "r3d.log",
          "raw",
          "res",
          "scan",
          "set",
          "tar",
          "thm",
          "tsv",
          "txt",
          "v",
          "wav",
          "wpi",
          "xdce",
          "xlef",
          "xlog",
          "xml",
          "yaml",
          "yml",
          "zip",
          "zpo");

  /** MetaXpress' thumbnails, and the parts of Olympus' OIF, which the .oif file stands for. */
  private static final Pattern ACCESSORY =
      Pattern.compile(".*_thumb(?:[0-9a-f-]{8,})?\\.[^./]+|.*\\.oif\\.files/.*");

  private final Set<String> suffixes;

  private ImageNames(Set<String> suffixes) {
    this.suffixes = suffixes;
  }

  /** By the readers at hand. */
  static ImageNames ofReaders() {
    Set<String> suffixes = BioFormats.suffixes();
    suffixes.add("fit"); // FITS, which is known by its bytes
    suffixes.removeAll(ACCESSORIES);
    return new ImageNames(suffixes);
  }

  /** Whether a file, by its path below the input, is an image. */
  boolean isImage(String relative) {
    String lower = relative.toLowerCase(Locale.ROOT);
    if (ACCESSORY.matcher(lower).matches()) {
      return false;
    }
    int name = lower.lastIndexOf('/') + 1;
    int last = lower.lastIndexOf('.');
    if (last < name || ACCESSORIES.contains(lower.substring(last + 1))) {
      return lower.endsWith(".nii.gz") || lower.endsWith(".ome.xml");
    }
    return suffixes.contains(lower.substring(last + 1)) || lower.endsWith(".companion.ome");
  }
}
