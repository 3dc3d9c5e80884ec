package org.cytolake.output;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/** Small files on a Hadoop file system, all or nothing. */
final class Writing {
  /** The option, and the capability of a file system, to create a file only if there is none. */
  static final String CONDITIONAL =
      Options.CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE;

  static {
    // a refused write is thrown too, and is often what is hoped for
    Configurator.setLevel("org.apache.hadoop.fs.s3a.S3ABlockOutputStream", Level.ERROR);
  }

  private Writing() {}

  /** Writes the text and closes the stream; where that fails a store shows nothing of it. */
  static void fill(FSDataOutputStream out, String text) throws IOException {
    try (out) {
      try {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        if (out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
          out.abort(); // else closing it would make half a file appear
        }
        throw e;
      }
      if (out.hasCapability("hsync")) {
        out.hsync();
      }
    }
  }

  /**
   * Writes a file by one request, which the store refuses where there is one of that name.
   *
   * @return false if there is one with another text
   */
  static boolean conditionally(FileSystem fs, Path path, String text) throws IOException {
    try {
      FSDataOutputStreamBuilder<?, ?> builder = fs.createFile(path);
      builder.recursive().overwrite(false);
      builder.must(CONDITIONAL, true);
      fill(builder.build(), text);
      return true;
    } catch (IOException e) {
      if (!isRefused(e)) {
        throw e;
      }
      // the client sends a request again when the answer was lost: it may have been ours
      return !text.isEmpty() && text.equals(read(fs, path));
    }
  }

  private static String read(FileSystem fs, Path path) throws IOException {
    try (var in = fs.open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      return "";
    }
  }

  /** Whether the store's answer was 412, precondition failed, or 409, just being written. */
  private static boolean isRefused(IOException e) {
    for (Throwable t = e; t != null; t = t.getCause() == t ? null : t.getCause()) {
      String said = t.toString();
      if (said.contains("RemoteFileChangedException")
          || said.contains("PreconditionFailed")
          || said.contains("ConditionalRequestConflict")) {
        return true;
      }
    }
    return false;
  }
}
