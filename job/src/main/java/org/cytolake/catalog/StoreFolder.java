package org.cytolake.catalog;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.cytolake.field.ImageFile;

/**
 * A folder on any file system of Hadoop's. Of an object store whose client asks once for a thousand
 * files, however many folders they lie in, it is listed with all below it at once.
 *
 * @param fs its file system
 * @param folder its path with the scheme
 * @param start where paths relative to the input begin
 * @param recursive whether sub-folders are listed
 */
record StoreFolder(FileSystem fs, Path folder, int start, boolean recursive)
    implements InputFolder {
  private static final Set<String> FLAT = Set.of("s3a", "s3");

  /** The input itself. */
  static StoreFolder of(FileSystem fs, Path folder, boolean recursive) {
    String text = folder.toString();
    return new StoreFolder(
        fs, folder, text.endsWith("/") ? text.length() : text.length() + 1, recursive);
  }

  @Override
  public String path() {
    return folder.toString();
  }

  @Override
  public Content list() throws IOException {
    List<FoundFile> files = new ArrayList<>();
    List<InputFolder> folders = new ArrayList<>();
    boolean flat = recursive && FLAT.contains(fs.getUri().getScheme());
    RemoteIterator<? extends FileStatus> children =
        flat ? fs.listFiles(folder, true) : fs.listStatusIterator(folder);
    while (children.hasNext()) {
      FileStatus child = children.next();
      Path path = child.getPath();
      if (flat ? hidden(path.toString()) : InputFolder.isHidden(path.getName())) {
        continue;
      }
      if (child.isFile()) {
        files.add(new FoundFile(file(child), start));
      } else if (recursive && child.isDirectory()) {
        folders.add(new StoreFolder(fs, path, start, true));
      }
    }
    return new Content(files, folders, List.of());
  }

  /** A file as its file system reports it. */
  static ImageFile file(FileStatus status) {
    return new ImageFile(
        status.getPath().toString(), status.getLen(), status.getModificationTime());
  }

  /** Whether the file or a folder between it and the input is hidden. */
  private boolean hidden(String path) {
    for (int part = start; part > 0; part = path.indexOf('/', part) + 1) {
      if (path.startsWith(".", part) || path.startsWith("_", part)) {
        return true;
      }
    }
    return false;
  }
}
