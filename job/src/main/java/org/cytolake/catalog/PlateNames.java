package org.cytolake.catalog;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The plates of OME-Zarr in an input: each is called as its folder, and by the path of it where
 * another has the same name. Where there is one, every image of the input has the columns {@link
 * ZarrPlace#GROUPS}.
 *
 * @param any whether there are plates
 * @param twice names that several have
 */
record PlateNames(boolean any, Set<String> twice) {
  static PlateNames of(List<FoundFile> found) {
    Set<String> plates = new HashSet<>();
    for (FoundFile file : found) {
      file.zarr().flatMap(ZarrPlace::field).ifPresent(field -> plates.add(field.plate()));
    }
    Set<String> names = new HashSet<>();
    Set<String> twice = new HashSet<>();
    for (String plate : plates) {
      if (!names.add(last(withoutSuffix(plate)))) {
        twice.add(last(withoutSuffix(plate)));
      }
    }
    return new PlateNames(!plates.isEmpty(), twice);
  }

  private static String withoutSuffix(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    int end = lower.endsWith(".ome.zarr") ? 9 : lower.endsWith(".zarr") ? 5 : 0;
    return path.substring(0, path.length() - end);
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private String name(String plate) {
    String path = withoutSuffix(plate);
    return twice.contains(last(path)) ? path : last(path);
  }

  /** The id of a field: its plate, well and field. */
  String id(ZarrPlace.OfPlate field) {
    String id = name(field.plate()) + "_" + field.well();
    return field.field().isEmpty() ? id : id + "_" + field.field();
  }

  /** Names of the groups. */
  List<String> groups() {
    return any ? ZarrPlace.GROUPS : List.of();
  }

  /** Their values of an image; empty texts of one that is in no plate. */
  List<String> groups(FoundFile file) {
    Optional<ZarrPlace.OfPlate> field = file.zarr().flatMap(ZarrPlace::field);
    return field.isPresent()
        ? field.get().groups(name(field.get().plate()))
        : Collections.nCopies(groups().size(), "");
  }
}
