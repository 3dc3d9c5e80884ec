package org.cytolake.bioformats;

import java.io.FileNotFoundException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.cytolake.field.ImageFile;

/** Files that are gone, or that may not be read: no damage is the reason. */
final class Unavailable {
  private Unavailable() {}

  /**
   * What is said of a file that could not be opened.
   *
   * @param stage {@code header} or {@code pixels}
   * @param why what its reading ended with
   * @return empty where there is another reason
   */
  static Optional<ImageReadException> of(ImageFile file, String stage, Throwable why) {
    for (Throwable cause = why; cause != null; cause = cause.getCause()) {
      boolean denied = cause instanceof AccessControlException;
      if (denied
          || cause instanceof FileNotFoundException
          || cause instanceof FileSystemException) {
        return of(file, stage, denied, cause);
      }
    }
    return Optional.empty();
  }

  private static Optional<ImageReadException> of(
      ImageFile file, String stage, boolean denied, Throwable why) {
    Path path = new Path(file.path());
    String scheme = path.toUri().getScheme();
    if (scheme == null || scheme.equals("file")) {
      java.nio.file.Path local = java.nio.file.Path.of(path.toUri().getPath());
      if (!Files.exists(local)) {
        return Optional.of(gone(file, stage, why));
      }
      return Files.isReadable(local) ? Optional.empty() : Optional.of(denied(file, stage, why));
    }
    if (denied) {
      return Optional.of(denied(file, stage, why));
    }
    boolean own = String.valueOf(why.getMessage()).contains(file.name());
    return own ? Optional.of(gone(file, stage, why)) : Optional.empty();
  }

  /** Where a file has no length: a link that leads nowhere has none either. */
  static Optional<ImageReadException> ofEmpty(ImageFile file) {
    return of(file, "header", new FileNotFoundException(""));
  }

  private static ImageReadException gone(ImageFile file, String stage, Throwable why) {
    return ImageReadException.of(
        file.path(),
        stage,
        "FILE_GONE",
        "The file " + file.path() + " was listed, and is not there.",
        "It has been moved or deleted meanwhile, or is a link that leads nowhere: bring it back, or"
            + " take it out of the input.",
        why);
  }

  private static ImageReadException denied(ImageFile file, String stage, Throwable why) {
    return ImageReadException.of(
        file.path(),
        stage,
        "FILE_DENIED",
        "The file " + file.path() + " may not be read: permission denied.",
        "Give the account that runs Cytolake the right to read it.",
        why);
  }
}
