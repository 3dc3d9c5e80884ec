package org.cytolake.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Images by file: each that has an image's name, or is named itself as input, is one. */
final class ListingByFile {
  private ListingByFile() {}

  /** The listing; empty where no file is an image. Ids may be equal. */
  static Optional<Listing> of(List<FoundFile> found) {
    ImageNames names = ImageNames.ofReaders();
    PlateNames plates = PlateNames.of(found);
    List<FoundFile> images = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    Map<String, Integer> uses = new HashMap<>();
    for (FoundFile file : found) {
      String relative = file.relative();
      String lower = relative.toLowerCase(Locale.ROOT);
      if (file.named() || names.isImage(relative)) {
        images.add(file);
        String id =
            file.zarr()
                .flatMap(ZarrPlace::field)
                .map(plates::id)
                .orElseGet(() -> withoutSuffix(relative, lower));
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
      listed.add(new Listing.ListedImage(id, plates.groups(file), List.of(file.file())));
    }
    return Optional.of(
        new Listing(
            plates.groups(),
            List.of(),
            listed,
            List.of(),
            found.size(),
            found.size() - images.size()));
  }

  private static String withoutSuffix(String path, String lower) {
    if (lower.endsWith(".ome.zarr")) {
      return path.substring(0, lower.lastIndexOf(".ome."));
    }
    if (lower.endsWith(".ome.tif") || lower.endsWith(".ome.tiff")) {
      return path.substring(0, lower.lastIndexOf(".ome."));
    }
    int dot = path.lastIndexOf('.');
    return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
  }
}
