package org.cytolake.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.cytolake.config.LabelFormat;

/** Files, or folders, that an output has for each image, beside the tables. */
public enum ImageFiles {
  /** The nuclei's label image. */
  LABELS,
  /**
   * The label images of the clusters of pixels, one channel a model; not in the folder of the table
   * {@code clusters}, where readers of Parquet would stumble over them.
   */
  CLUSTER_IMAGES,
  /** The cells' label image. */
  CELL_LABELS,
  /** The nuclei's and cells' outlines. */
  GEOJSON;

  private static final int LONGEST = 200; // most file systems take 255 bytes

  /** The folder under the output. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A label image's file or folder, relative to the output: {@code labels/plate1/A01.ome.tif}.
   *
   * @throws IllegalArgumentException if it is none of label images
   */
  public String name(String image, LabelFormat format) {
    if (this == GEOJSON) {
      throw new IllegalArgumentException("outlines have one format");
    }
    return folder() + "/" + safe(image) + format.suffix();
  }

  /** The image's file of outlines, relative to the output: {@code geojson/plate1/A01.geojson}. */
  public static String outlines(String image) {
    return GEOJSON.folder() + "/" + safe(image) + ".geojson";
  }

  /** All names that an image's file of this kind has, if there is one. */
  public List<String> names(String image) {
    return this == GEOJSON
        ? List.of(outlines(image))
        : Arrays.stream(LabelFormat.values()).map(format -> name(image, format)).toList();
  }

  /**
   * An image's id as a relative path that every file system and every browser takes: letters,
   * digits and {@code - _ . + = , ( ) @} and spaces stay, other characters become {@code %XX} as in
   * an URL, and so does what would hide a file. Different ids give different paths.
   */
  public static String safe(String image) {
    return Arrays.stream(image.split("/", -1))
        .map(ImageFiles::safePart)
        .collect(Collectors.joining("/"));
  }

  private static String safePart(String part) {
    StringBuilder safe = new StringBuilder();
    part.codePoints()
        .forEach(
            c -> {
              boolean first = safe.isEmpty();
              boolean kept =
                  Character.isLetterOrDigit(c)
                      || c == '-'
                      || ("+=,()@ ".indexOf(c) >= 0 && !first)
                      || (c == '_' && !first)
                      || (c == '.' && !first && safe.charAt(safe.length() - 1) != '.');
              if (kept) {
                safe.appendCodePoint(c);
              } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                  safe.append("%%%02X".formatted(b & 0xff));
                }
              }
            });
    byte[] bytes = safe.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LONGEST) {
      return safe.isEmpty() ? "%" : safe.toString();
    }
    return safe.substring(0, LONGEST / 4) + "%" + digest(bytes).substring(0, 32);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
