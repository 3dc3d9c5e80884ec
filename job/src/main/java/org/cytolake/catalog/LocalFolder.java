package org.cytolake.catalog;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.zarr.ZarrNode;
import org.cytolake.field.ImageFile;

/**
 * A folder on the local disk or what is mounted there: one look at the disk a file, where Hadoop
 * starts a process to learn who may read it. Symbolic links are followed, but not back into a
 * folder on the way here.
 */
final class LocalFolder implements InputFolder {
  /** What Java puts in the place of bytes that are no letter in the locale's encoding. */
  private static final char NO_LETTER = '\uFFFD';

  private final String text;
  private final int start;
  private final Path folder;
  private final Object key; // tells real folders apart
  private final LocalFolder parent; // null: the input itself
  private final boolean recursive;

  private LocalFolder(
      String text, int start, Path folder, Object key, LocalFolder parent, boolean recursive) {
    this.text = text;
    this.start = start;
    this.folder = folder;
    this.key = key;
    this.parent = parent;
    this.recursive = recursive;
  }

  /**
   * The input itself.
   *
   * @param path with its scheme
   * @param recursive whether sub-folders are listed
   */
  static LocalFolder of(org.apache.hadoop.fs.Path path, boolean recursive) throws IOException {
    String text = path.toString();
    Path folder = Path.of(path.toUri().getPath());
    Object key = key(folder, Files.readAttributes(folder, BasicFileAttributes.class));
    int start = text.endsWith("/") ? text.length() : text.length() + 1;
    return new LocalFolder(text, start, folder, key, null, recursive);
  }

  private static Object key(Path folder, BasicFileAttributes attributes) throws IOException {
    Object key = attributes.fileKey();
    return key == null ? folder.toRealPath() : key;
  }

  @Override
  public String path() {
    return text;
  }

  @Override
  public int start() {
    return start;
  }

  @Override
  public Content list() throws IOException {
    List<FoundFile> files = new ArrayList<>();
    List<InputFolder> folders = new ArrayList<>();
    List<String> unnamed = new ArrayList<>();
    String prefix = text.endsWith("/") ? text : text + "/";
    boolean zarr = ZarrFolder.isNamed(text);
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        String name = child.getFileName().toString();
        zarr |= ZarrNode.isMetadata(name);
        if (InputFolder.isHidden(name)) {
          continue;
        }
        String path = prefix + name;
        if (name.indexOf(NO_LETTER) >= 0) {
          unnamed.add(path);
          continue;
        }
        BasicFileAttributes attributes = attributes(child);
        if (attributes == null && Files.isSymbolicLink(child)) {
          // what it leads to may come back: an image that is gone, and told as that
          files.add(new FoundFile(new ImageFile(path, 0, 0), start));
        }
        if (attributes == null || attributes.isOther()) { // pipes and devices never end
          continue;
        }
        if (!attributes.isDirectory()) {
          long modified = attributes.lastModifiedTime().toMillis();
          files.add(new FoundFile(new ImageFile(path, attributes.size(), modified), start));
        } else if (recursive || ZarrFolder.isNamed(name)) {
          Object childKey = key(child, attributes);
          if (!isOnTheWay(childKey)) {
            folders.add(new LocalFolder(path, start, child, childKey, this, recursive));
          }
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Content content = new Content(files, folders, unnamed);
    return zarr
        ? new Content(
            List.of(),
            List.of(ZarrFolder.of(text, start, content, new Configuration(false))),
            List.of())
        : content;
  }

  /** Null where a file is gone, or a link leads nowhere. */
  private static BasicFileAttributes attributes(Path child) throws IOException {
    try {
      return Files.readAttributes(child, BasicFileAttributes.class);
    } catch (AccessDeniedException e) {
      if (Files.isSymbolicLink(child)) {
        return null;
      }
      throw e;
    } catch (IOException e) {
      if (Files.isSymbolicLink(child) || Files.notExists(child)) {
        return null;
      }
      throw e;
    }
  }

  private boolean isOnTheWay(Object other) {
    for (LocalFolder folderAbove = this; folderAbove != null; folderAbove = folderAbove.parent) {
      if (folderAbove.key.equals(other)) {
        return true;
      }
    }
    return false;
  }
}
