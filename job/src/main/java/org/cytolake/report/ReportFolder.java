package org.cytolake.report;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.cytolake.output.PlainFiles;

/**
 * The folder in which a report is put together, on any Hadoop file system.
 *
 * @param path as Hadoop takes it
 */
public record ReportFolder(String path) implements Serializable {

  /** Writes a file, by a name relative to the folder. */
  void write(String name, byte[] content, Configuration hadoop) {
    Path file = new Path(path, name);
    try {
      try (OutputStream out = PlainFiles.system(file, hadoop).create(file, true)) {
        out.write(content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the report's file " + file + " cannot be written", e);
    }
  }

  void write(String name, String text, Configuration hadoop) {
    write(name, text.getBytes(StandardCharsets.UTF_8), hadoop);
  }

  /** Removes a file or folder. */
  void delete(String name, Configuration hadoop) {
    Path file = new Path(path, name);
    try {
      PlainFiles.system(file, hadoop).delete(file, true);
    } catch (IOException e) {
      throw new UncheckedIOException("the report's file " + file + " cannot be removed", e);
    }
  }

  /** Where a file lies. */
  String at(String name) {
    return path + "/" + name;
  }
}
