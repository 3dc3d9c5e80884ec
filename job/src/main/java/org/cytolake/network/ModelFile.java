package org.cytolake.network;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.StorePath;

/**
 * An ONNX model's bytes, to be sent to the executors.
 *
 * @param name the path it came from, for messages
 * @param bytes the file's content
 * @param sha256 its digest, hexadecimal
 */
@SuppressWarnings("ArrayRecordComponent") // compared by digest
public record ModelFile(String name, byte[] bytes, String sha256) implements Serializable {
  private static final String BUILT_IN = "/org/cytolake/models/nuclei-fluo";
  private static final long MAX_BYTES = 1L << 30;

  /**
   * The model for fluorescent nuclei that comes with Cytolake.
   *
   * @param precision {@code fp32} or {@code int8}
   * @throws CytolakeException (USAGE) where this build has none of that precision
   */
  public static ModelFile builtIn(String precision) {
    String suffix = precision.equals("fp32") ? "" : "-" + precision;
    try (InputStream in = ModelFile.class.getResourceAsStream(BUILT_IN + suffix + ".onnx")) {
      if (in == null) {
        throw new CytolakeException(
            Code.USAGE,
            "This build has no built-in model of the precision " + precision + ".",
            "Leave segmentation.precision at fp32, or name a model with --model.");
      }
      return of("built-in model nuclei-fluo" + suffix, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a model.
   *
   * @param path on any Hadoop file system
   * @throws CytolakeException (USAGE) where the file cannot be read
   */
  public static ModelFile read(String path, Configuration hadoop) {
    StorePath.requireNoSecret(path, "--model");
    String what = "The model " + path + " cannot be read";
    Path file = new Path(path);
    try {
      FileSystem system = StorePath.fileSystem(what, file, hadoop);
      long length = system.getFileStatus(file).getLen();
      if (length > MAX_BYTES || system.getFileStatus(file).isDirectory()) {
        throw new CytolakeException(
            Code.USAGE,
            "The model " + path + " is a folder or larger than 1 GiB.",
            "Give the path of a StarDist network in ONNX format.");
      }
      try (InputStream in = system.open(file)) {
        return of(path, in.readAllBytes());
      }
    } catch (FileNotFoundException e) {
      throw new CytolakeException(
          Code.USAGE,
          "The model " + path + " does not exist.",
          "Check --model; without it the built-in model is used.",
          e);
    } catch (IOException e) {
      throw StorePath.explain(what, e)
          .orElseGet(
              () ->
                  new CytolakeException(
                      Code.USAGE,
                      what + ": " + e.getMessage() + ".",
                      "Check the path given with --model and its permissions.",
                      e));
    }
  }

  private static ModelFile of(String name, byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new ModelFile(name, bytes, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
