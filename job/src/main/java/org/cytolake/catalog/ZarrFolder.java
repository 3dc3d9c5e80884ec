package org.cytolake.catalog;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.plain.RefusedException;
import org.cytolake.bioformats.zarr.ZarrImage;
import org.cytolake.bioformats.zarr.ZarrNode;
import org.cytolake.bioformats.zarr.ZarrStore;
import org.cytolake.field.ImageFile;
import org.cytolake.field.Well;

/**
 * A folder of a Zarr hierarchy: an image of OME-Zarr, a plate or a well with such images, which its
 * metadata names, or a group of other folders. What cannot be read is an image that will fail, and
 * say why.
 *
 * @param store the folder
 * @param start where paths relative to the input begin
 * @param field the well of a plate; empty: a folder that was found
 * @param zarr3 whether Zarr 3 is looked for first
 * @param plain what else lies in it, which matters if it is a mere group
 */
record ZarrFolder(
    ZarrStore store, int start, Optional<ZarrPlace.OfPlate> field, boolean zarr3, Content plain)
    implements InputFolder {

  /**
   * A folder that was found to have Zarr's metadata, or its suffix.
   *
   * @param path with its scheme
   * @param start where paths relative to the input begin: behind it, if it is the input itself
   */
  static ZarrFolder of(String path, int start, Content plain, Configuration hadoop)
      throws IOException {
    String folder = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    int from = Math.min(start, folder.lastIndexOf('/') + 1);
    return new ZarrFolder(ZarrStore.of(folder, hadoop), from, Optional.empty(), true, plain);
  }

  /** Whether a folder of that name is an image or a plate of OME-Zarr, whatever lies in it. */
  static boolean isNamed(String name) {
    return name.endsWith(ZarrImage.SUFFIX);
  }

  @Override
  public String path() {
    return store.folder();
  }

  @Override
  public Content list() throws IOException {
    Optional<ZarrNode> node;
    try {
      node = ZarrNode.of(store, zarr3);
      if (node.isEmpty()) {
        return image(store, field, zarr3);
      }
      boolean of3 = node.get().isZarr3();
      return switch (node.get().kind()) {
        case PLATE -> plate(node.get());
        case WELL -> well(node.get());
        case GROUP -> plain.isEmpty() ? image(store, field, of3) : plain;
        case IMAGE, SERIES, ARRAY -> image(store, field, of3);
      };
    } catch (RefusedException e) {
      return image(store, field, zarr3); // its header says why
    }
  }

  private Content plate(ZarrNode node) throws IOException, RefusedException {
    if (field.isPresent()) {
      return image(store, field, zarr3); // a plate is no well
    }
    String plate = store.folder().substring(start);
    List<InputFolder> wells = new ArrayList<>();
    for (String path : node.wells()) {
      ZarrStore well = store.below(path);
      wells.add(
          new ZarrFolder(well, start, Optional.of(of(plate, well)), node.isZarr3(), Content.EMPTY));
    }
    return wells.isEmpty() ? image(store, field, zarr3) : new Content(List.of(), wells, List.of());
  }

  /** A well by its path, the end of which is its row and its column. */
  private static ZarrPlace.OfPlate of(String plate, ZarrStore well) {
    String column = well.name();
    String row = above(well.folder(), 1);
    return new ZarrPlace.OfPlate(
        plate, Well.of(row, column).map(Well::toString).orElse(row + "-" + column), "");
  }

  /** The name of a folder that lies so many above another. */
  private static String above(String folder, int folders) {
    String[] names = folder.split("/", -1);
    return names.length <= folders ? "" : names[names.length - 1 - folders];
  }

  private Content well(ZarrNode node) throws IOException, RefusedException {
    ZarrPlace.OfPlate well = field.isPresent() ? field.get() : of(above(store.folder(), 2), store);
    List<FoundFile> files = new ArrayList<>();
    for (String path : node.fields()) {
      ZarrStore one = store.below(path);
      files.addAll(
          image(
                  one,
                  Optional.of(new ZarrPlace.OfPlate(well.plate(), well.well(), path)),
                  node.isZarr3())
              .files());
    }
    return files.isEmpty() ? image(store, field, zarr3) : new Content(files, List.of(), List.of());
  }

  /** An image, by the file of its metadata; by one that is missing where there is none. */
  private Content image(ZarrStore folder, Optional<ZarrPlace.OfPlate> of, boolean first3)
      throws IOException {
    List<String> names = new ArrayList<>(ZarrNode.FILES); // that of Zarr 3 is the first
    Collections.rotate(names, first3 ? 0 : -1);
    Optional<ImageFile> found = Optional.empty();
    for (String name : names) {
      found = found.isPresent() ? found : folder.find(name);
    }
    ImageFile file =
        found.orElseGet(() -> new ImageFile(folder.folder() + "/" + names.get(0), 0, 0));
    ZarrPlace place = new ZarrPlace(folder.folder().substring(start), of);
    return new Content(
        List.of(new FoundFile(file, start, true, Optional.of(place))), List.of(), List.of());
  }
}
