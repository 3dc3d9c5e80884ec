package org.cytolake.output;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system, which starts a process for every file that it creates, to set its
 * permissions; this one sets them itself.
 */
final class LocalFiles extends RawLocalFileSystem {
  @Override
  public void setPermission(Path path, FsPermission permission) throws IOException {
    File file = pathToFile(path);
    if (permission.getStickyBit()
        || !file.toPath().getFileSystem().supportedFileAttributeViews().contains("posix")) {
      super.setPermission(path, permission);
      return;
    }
    String text =
        permission.getUserAction().SYMBOL
            + permission.getGroupAction().SYMBOL
            + permission.getOtherAction().SYMBOL;
    Files.setPosixFilePermissions(file.toPath(), PosixFilePermissions.fromString(text));
  }
}
