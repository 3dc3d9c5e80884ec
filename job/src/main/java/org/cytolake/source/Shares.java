package org.cytolake.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.source.read.Tile;

/** Which images each partition reads, in order. */
final class Shares {
  private final Set<String> all;
  private final List<List<String>> images;

  private Shares(List<List<String>> images, Set<String> all) {
    this.images = images;
    this.all = all;
  }

  /**
   * Checked against a catalogue.
   *
   * @throws IllegalArgumentException if an image is named twice or is not in the catalogue
   */
  static Shares of(List<List<String>> images, ImageCatalog catalog) {
    Set<String> known = new HashSet<>();
    catalog.fields().forEach(field -> known.add(field.image()));
    catalog.failures().forEach(failure -> known.add(failure.image()));
    Set<String> all = new HashSet<>();
    List<List<String>> copy = images.stream().map(List::copyOf).toList();
    for (List<String> share : copy) {
      for (String image : share) {
        if (!known.contains(image)) {
          throw new IllegalArgumentException("the table has no image '" + image + "'");
        }
        if (!all.add(image)) {
          throw new IllegalArgumentException("the image '" + image + "' is named twice");
        }
      }
    }
    return new Shares(copy, all);
  }

  boolean contains(String image) {
    return all.contains(image);
  }

  /** The tiles of each share, image by image. */
  List<List<Tile>> partitions(List<Tile> tiles) {
    Map<String, List<Tile>> byImage = new HashMap<>();
    for (Tile tile : tiles) {
      byImage.computeIfAbsent(tile.image(), image -> new ArrayList<>()).add(tile);
    }
    return images.stream()
        .map(
            share ->
                share.stream()
                    .flatMap(image -> byImage.getOrDefault(image, List.of()).stream())
                    .toList())
        .toList();
  }
}
