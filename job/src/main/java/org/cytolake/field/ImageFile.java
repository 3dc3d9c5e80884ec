package org.cytolake.field;

import java.io.Serializable;

/**
 * A file found under the input.
 *
 * @param path full path with its scheme, as the file system reports it
 * @param length bytes
 * @param modified modification time, milliseconds since 1970
 */
public record ImageFile(String path, long length, long modified) implements Serializable {
  public ImageFile {
    if (path.isEmpty() || length < 0) {
      throw new IllegalArgumentException("bad file: path '" + path + "', length " + length);
    }
  }

  /** The last part of the path. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
