package org.cytolake.network;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads ONNX Runtime's native libraries, which it unpacks into a folder of the temporary directory,
 * and leaves nothing of them there. ONNX Runtime asks the JVM to delete the folder before what is
 * in it, so that the folder stays, and a killed JVM leaves all.
 */
final class NativeLibraries {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);

  /** What is in use once it is loaded, whether or not its file is there. */
  private static final String[] LOADED = {"onnxruntime", "onnxruntime4j_jni"};

  private static OrtEnvironment environment;

  private NativeLibraries() {}

  /** ONNX Runtime, loaded. */
  static synchronized OrtEnvironment environment() {
    if (environment == null) {
      environment = OrtEnvironment.getEnvironment();
      Path folder = folder();
      if (folder != null) {
        tidy(folder);
      }
    }
    return environment;
  }

  /** Where it unpacked them; null where that is not known. */
  static Path folder() {
    try {
      Field folder = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
      folder.setAccessible(true);
      return (Path) folder.get(null);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.debug("where ONNX Runtime unpacks its libraries is not known", e);
      return null;
    }
  }

  /** Deletes what is loaded, now; what is only loaded when a GPU is used, when the JVM ends. */
  private static void tidy(Path folder) {
    try {
      for (String library : LOADED) {
        Files.deleteIfExists(folder.resolve(System.mapLibraryName(library)));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.debug("{} is deleted later", folder, e);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteAll(folder)));
    }
  }

  private static void deleteAll(Path folder) {
    try {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.debug("{} stays", folder, e);
    }
  }
}
