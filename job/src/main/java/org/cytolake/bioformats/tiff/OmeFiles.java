package org.cytolake.bioformats.tiff;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files the OME-XML of a file names.
 *
 * @param companion the file with the metadata, where the file holds pixels only
 * @param others files with planes of the same image, apart from the file itself
 * @param isUnsure whether the other, the only one, may be the file itself under an earlier name
 */
public record OmeFiles(Optional<String> companion, SortedSet<String> others, boolean isUnsure) {
  /** How the name of a companion ends. */
  public static final String COMPANION = "companion.ome";

  private static final Pattern BINARY_ONLY =
      Pattern.compile("<(?:\\w+:)?BinaryOnly\\b[^>]*\\bMetadataFile\\s*=\\s*\"([^\"]+)\"");
  private static final Pattern ROOT_UUID =
      Pattern.compile("<(?:\\w+:)?OME\\b[^>]*\\bUUID\\s*=\\s*\"([^\"]+)\"");
  private static final Pattern PLANES =
      Pattern.compile(
          "<(?:\\w+:)?UUID\\b[^>]*\\bFileName\\s*=\\s*\"([^\"]+)\"[^>]*>\\s*([^<]*?)\\s*<");

  public OmeFiles {
    others = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(others));
  }

  /**
   * Reads a comment.
   *
   * @param name the file's own
   * @return empty where it is no OME-XML
   */
  public static Optional<OmeFiles> of(String xml, String name) {
    if (!xml.contains("OME") || !xml.strip().startsWith("<")) {
      return Optional.empty();
    }
    Matcher binary = BINARY_ONLY.matcher(xml);
    if (binary.find()) {
      return Optional.of(new OmeFiles(Optional.of(plain(binary.group(1))), new TreeSet<>(), false));
    }
    Matcher root = ROOT_UUID.matcher(xml);
    String own = root.find() ? root.group(1) : "";
    SortedSet<String> others = new TreeSet<>();
    Matcher planes = PLANES.matcher(xml);
    while (planes.find()) {
      String file = plain(planes.group(1));
      boolean itself = file.equals(name) || (!own.isEmpty() && planes.group(2).equals(own));
      if (!itself) {
        others.add(file);
      }
    }
    return Optional.of(new OmeFiles(Optional.empty(), others, own.isEmpty() && others.size() == 1));
  }

  private static String plain(String escaped) {
    return escaped
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
  }
}
