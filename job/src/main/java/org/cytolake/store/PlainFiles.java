package org.cytolake.store;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files without checksum files beside them, which nothing but Hadoop's local disk understands. */
public final class PlainFiles {
  private PlainFiles() {}

  /** The file system of a path. */
  public static FileSystem system(Path path, Configuration hadoop) throws IOException {
    return plain(path.getFileSystem(hadoop));
  }

  static FileSystem plain(FileSystem fs) {
    return fs instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : fs;
  }
}
