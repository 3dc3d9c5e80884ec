package org.cytolake.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;

/** Files that an output has for each image, beside the tables. */
public enum ImageFiles {
  /** The nuclei's label image. */
  LABELS(".ome.tif"),
  /**
   * The label images of the clusters of pixels, one channel a model; not in the folder of the table
   * {@code clusters}, where readers of Parquet would stumble over them.
   */
  CLUSTER_IMAGES(".ome.tif"),
  /** The cells' label image. */
  CELL_LABELS(".ome.tif"),
  /** The nuclei's and cells' outlines. */
  GEOJSON(".geojson");

  private static final int LONGEST = 200; // most file systems take 255 bytes

  private final String suffix;

  ImageFiles(String suffix) {
    this.suffix = suffix;
  }

  /** The folder under the output. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The image's file, relative to the output: {@code labels/plate1/A01.ome.tif}. */
  public String name(String image) {
    return folder() + "/" + safe(image) + suffix;
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
