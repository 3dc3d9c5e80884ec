package org.cytolake.catalog;

import java.io.IOException;
import java.util.List;

/** A folder under the input. */
interface InputFolder {
  /**
   * What lies in a folder.
   *
   * @param files its files
   * @param folders the folders that are to be listed next
   * @param unnamed files and folders whose names have letters that Java has no words for
   */
  record Content(List<FoundFile> files, List<InputFolder> folders, List<String> unnamed) {
    static final Content EMPTY = new Content(List.of(), List.of(), List.of());

    boolean isEmpty() {
      return files.isEmpty() && folders.isEmpty() && unnamed.isEmpty();
    }
  }

  /** The folder's path with its scheme, as Hadoop writes it. */
  String path();

  /** Where, in the paths of its files, the part that is relative to the input begins. */
  int start();

  /**
   * Lists the folder without what is hidden. A file that vanishes meanwhile is not there.
   *
   * @throws IOException where it cannot be read, or is gone
   */
  Content list() throws IOException;

  /** Whether a file or folder of that name, and all below it, is left out. */
  static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }
}
