package org.cytolake.catalog;

import org.cytolake.field.ImageFile;

/**
 * A file under the input.
 *
 * @param file the file
 * @param start where its path relative to the input begins
 * @param named whether the input names the file itself, and not a folder above it
 */
record FoundFile(ImageFile file, int start, boolean named) {
  /** In a folder of the input. */
  FoundFile(ImageFile file, int start) {
    this(file, start, false);
  }

  /** The path relative to the input. */
  String relative() {
    return file.path().substring(start);
  }
}
