package org.cytolake.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cytolake.bioformats.BioFormats;

/** Images by file: each that has the suffix of an image format is one. */
final class ListingByFile {
  // Bio-Formats' text reader claims these, and folders of images are full of them
  private static final Set<String> NOT_IMAGES =
      Set.of(
          "txt", "csv", "tsv", "xml", "json", "md", "html", "htm", "log", "ini", "yaml", "yml",
          "pdf", "zip", "gz", "tar", "py", "parquet", "crc", "db", "mdb");

  private ListingByFile() {}

  /** The listing; empty where no file is an image. Ids may be equal. */
  static Optional<Listing> of(List<FoundFile> found) {
    Set<String> suffixes = suffixes();
    List<FoundFile> images = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    Map<String, Integer> uses = new HashMap<>();
    for (FoundFile file : found) {
      String relative = file.relative();
      String lower = relative.toLowerCase(Locale.ROOT);
      if (hasSuffix(lower, suffixes)) {
        images.add(file);
        String id = withoutSuffix(relative, lower);
        ids.add(id);
        uses.merge(id, 1, Integer::sum);
      }
    }
    if (images.isEmpty()) {
      return Optional.empty();
    }
    List<Listing.ListedImage> listed = new ArrayList<>(images.size());
    for (int i = 0; i < images.size(); i++) {
      FoundFile file = images.get(i);
      String id = uses.get(ids.get(i)) == 1 ? ids.get(i) : file.relative();
      listed.add(new Listing.ListedImage(id, List.of(), List.of(file.file())));
    }
    return Optional.of(
        new Listing(
            List.of(), List.of(), listed, List.of(), found.size(), found.size() - images.size()));
  }

  private static Set<String> suffixes() {
    Set<String> suffixes = BioFormats.suffixes();
    suffixes.removeAll(NOT_IMAGES);
    suffixes.remove("");
    return suffixes;
  }

  private static boolean hasSuffix(String lower, Set<String> suffixes) {
    int name = lower.lastIndexOf('/') + 1;
    for (int dot = lower.indexOf('.', name); dot >= 0; dot = lower.indexOf('.', dot + 1)) {
      if (suffixes.contains(lower.substring(dot + 1))) {
        return true;
      }
    }
    return false;
  }

  private static String withoutSuffix(String path, String lower) {
    if (lower.endsWith(".ome.tif") || lower.endsWith(".ome.tiff")) {
      return path.substring(0, lower.lastIndexOf(".ome."));
    }
    int dot = path.lastIndexOf('.');
    return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
  }
}
