package org.cytolake.catalog;

import java.util.Optional;
import org.cytolake.field.ImageFile;

/**
 * A file under the input.
 *
 * @param file the file
 * @param start where its path relative to the input begins
 * @param named whether the input names the file itself, and not a folder above it
 * @param zarr where the file is the metadata of an image of OME-Zarr, which image
 */
record FoundFile(ImageFile file, int start, boolean named, Optional<ZarrPlace> zarr) {
  FoundFile(ImageFile file, int start, boolean named) {
    this(file, start, named, Optional.empty());
  }

  /** In a folder of the input. */
  FoundFile(ImageFile file, int start) {
    this(file, start, false);
  }

  /** The path relative to the input; of an image of OME-Zarr, its folder's. */
  String relative() {
    return zarr.map(ZarrPlace::relative).orElseGet(() -> file.path().substring(start));
  }

  /** The last part of it. */
  String name() {
    return zarr.map(ZarrPlace::name).orElseGet(file::name);
  }
}
