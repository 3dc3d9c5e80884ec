package org.cytolake.catalog;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.cytolake.bioformats.zarr.ZarrImage;
import org.cytolake.bioformats.zarr.ZarrNode;
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
    boolean flat =
        recursive
            && FLAT.contains(fs.getUri().getScheme())
            && !ZarrFolder.isNamed(folder.getName());
    Optional<Content> all = flat ? listed(true) : Optional.empty();
    return all.isPresent() ? all.get() : listed(false).orElseThrow();
  }

  /**
   * What lies in it.
   *
   * @param flat whether all below it is listed at once; empty then, if there is a Zarr hierarchy,
   *     the chunks of which would be listed with it
   */
  private Optional<Content> listed(boolean flat) throws IOException {
    List<FoundFile> files = new ArrayList<>();
    List<InputFolder> folders = new ArrayList<>();
    boolean zarr = ZarrFolder.isNamed(folder.getName());
    RemoteIterator<? extends FileStatus> children =
        flat ? fs.listFiles(folder, true) : fs.listStatusIterator(folder);
    while (children.hasNext()) {
      FileStatus child = children.next();
      Path path = child.getPath();
      if (flat && isOfZarr(path.toString())) {
        return Optional.empty();
      }
      zarr |= child.isFile() && ZarrNode.isMetadata(path.getName());
      if (flat ? hidden(path.toString()) : InputFolder.isHidden(path.getName())) {
        continue;
      }
      if (child.isFile()) {
        files.add(new FoundFile(file(child), start));
      } else if (child.isDirectory() && (recursive || ZarrFolder.isNamed(path.getName()))) {
        folders.add(new StoreFolder(fs, path, start, recursive));
      }
    }
    Content content = new Content(files, folders, List.of());
    return Optional.of(
        zarr
            ? new Content(
                List.of(), List.of(ZarrFolder.of(path(), start, content, fs.getConf())), List.of())
            : content);
  }

  /** Whether a file lies in a Zarr hierarchy, or is of its metadata. */
  private boolean isOfZarr(String path) {
    return path.indexOf(ZarrImage.SUFFIX + "/", start) >= 0
        || ZarrNode.isMetadata(path.substring(path.lastIndexOf('/') + 1));
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
