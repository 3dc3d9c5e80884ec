package org.cytolake.catalog;

import org.cytolake.field.ImageFile;

/**
 * A file under the input.
 *
 * @param file the file
 * @param start where its path relative to the input begins
 */
record FoundFile(ImageFile file, int start) {
  /** The path relative to the input. */
  String relative() {
    return file.path().substring(start);
  }
}
