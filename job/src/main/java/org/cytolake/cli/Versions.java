package org.cytolake.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.hadoop.util.VersionInfo;
import org.cytolake.network.StarDistModel;
import picocli.CommandLine.IVersionProvider;

/** Says the versions of this program and of what it stands on. */
final class Versions implements IVersionProvider {
  /** One of the vendors' formats; its reader is in Bio-Formats' GPL part. */
  private static final String GPL_READER = "loci.formats.in.ZeissCZIReader";

  @Override
  public String[] getVersion() {
    String version = Main.class.getPackage().getImplementationVersion();
    Properties packaged = packaged();
    return new String[] {
      "cytolake "
          + (version == null
              ? "(not packaged)"
              : version + " (commit " + packaged.getProperty("commit") + ")"),
      "Spark         " + org.apache.spark.package$.MODULE$.SPARK_VERSION(),
      "Hadoop        " + VersionInfo.getVersion(),
      "Bio-Formats   " + packaged.getProperty("bio-formats") + ", " + readers(),
      "ONNX Runtime  " + onnxRuntime(),
      "Java          " + Runtime.version() + ", " + System.getProperty("java.vendor")
    };
  }

  /** Bio-Formats itself would look for its version into the manifest of the jar around it. */
  private static Properties packaged() {
    Properties packaged = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
      packaged.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packaged;
  }

  private static String readers() {
    try {
      Class.forName(GPL_READER, false, Versions.class.getClassLoader());
      return "BSD and GPL readers";
    } catch (ClassNotFoundException e) {
      return "BSD readers only (the GPL readers of the vendors' formats are not there)";
    }
  }

  private static String onnxRuntime() {
    try {
      return StarDistModel.runtimeVersion();
    } catch (LinkageError | RuntimeException e) {
      return "cannot be loaded here: " + e;
    }
  }
}
