package org.cytolake.store;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.StoreErrors;
import org.cytolake.store.StagedRun.Going;

/** What the tables' files hold, as far as it was asked; a command's batches share it. */
final class FileContents {
  private final OutputFolder output;
  private final Configuration hadoop;
  private final Map<String, ImageColumn.Footer> footers = new ConcurrentHashMap<>(); // by name

  FileContents(OutputFolder output, Configuration hadoop) {
    this.output = output;
    this.hadoop = hadoop;
  }

  /** The number of rows. */
  long rows(String file) {
    return footer(file).rows();
  }

  /** Whether there are rows of those that go. */
  boolean holdsAny(String file, Going going) {
    if (going.withoutImage() && footer(file).withoutImage()) {
      return true;
    }
    try {
      return column(file).holdsAny(going.images());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Those of the images that there are rows of. */
  Set<String> present(String file, Set<String> images) {
    try {
      return column(file).present(images);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The file has another name now. */
  void renamed(String from, String to) {
    ImageColumn.Footer footer = footers.remove(from);
    if (footer != null) {
      footers.put(to, footer);
    }
  }

  private ImageColumn.Footer footer(String file) {
    return footers.computeIfAbsent(
        file,
        name -> {
          try {
            return column(name).footer();
          } catch (IOException e) {
            throw unreadable(name, e);
          }
        });
  }

  private ImageColumn column(String file) {
    return new ImageColumn(hadoop, output.path(file));
  }

  private RuntimeException unreadable(String file, IOException e) {
    return StoreErrors.failed(
        output.path(file) + " cannot be read", "Restore it, or choose another --output.", e);
  }
}
