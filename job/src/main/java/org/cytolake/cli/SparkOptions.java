package org.cytolake.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.StorePath;
import org.cytolake.output.StoreErrors;
import org.cytolake.store.StagedCommitProtocol;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options that go to Spark as they are. */
final class SparkOptions {
  private static final int PROBE = 1 << 20; // bytes, less than any run needs

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master. Default: what spark-submit says, else local[*].")
  String master;

  @Option(
      names = "--conf",
      paramLabel = "KEY=VALUE",
      mapFallbackValue = "",
      description = "A Spark property.")
  Map<String, String> conf = new LinkedHashMap<>();

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  SparkSession session(String name) {
    SparkConf settings = new SparkConf();
    settings.setAppName("cytolake " + name);
    conf.forEach(settings::set);
    if (master != null) {
      settings.setMaster(master);
    }
    settings.setIfMissing("spark.master", "local[*]");
    settings.setIfMissing("spark.ui.showConsoleProgress", "false");
    // of a run's intermediate data; elsewhere Spark writes as always
    settings.setIfMissing(StagedCommitProtocol.SETTING, StagedCommitProtocol.class.getName());
    // else Spark warns that a plan over many columns is cut where it is printed
    settings.setIfMissing("spark.sql.debug.maxToStringFields", "1000");
    // pages of 64 MB, Spark's own choice, find no room among the regions of a small heap
    settings.setIfMissing("spark.buffer.pageSize", "8m");
    StorePath.PATIENCE.forEach((key, value) -> settings.setIfMissing("spark.hadoop." + key, value));
    if (settings.get("spark.master").startsWith("local")) {
      // one machine: no shuffle needs Spark's 200 partitions, and no other host connects
      int cores = Runtime.getRuntime().availableProcessors();
      settings.setIfMissing("spark.sql.shuffle.partitions", Integer.toString(cores));
      settings.setIfMissing("spark.driver.host", "127.0.0.1");
      settings.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      settings.setIfMissing("spark.ui.enabled", "false");
    }
    requireRoom(settings.get("spark.local.dir", System.getProperty("java.io.tmpdir")));
    SparkSession session = SparkSession.builder().config(settings).getOrCreate();
    ((Main) command.root().userObject()).logs().apply();
    return session;
  }

  /** Of a temporary directory that cannot be written Spark says nothing that a user understands. */
  static void requireRoom(String directories) {
    for (String directory : directories.split(",", -1)) {
      try {
        Path probe = Files.createTempFile(Files.createDirectories(Path.of(directory)), "cyto", "");
        try {
          Files.write(probe, new byte[PROBE]);
        } finally {
          Files.delete(probe);
        }
      } catch (IOException e) {
        throw new CytolakeException(
            CytolakeException.Code.FAILED,
            "The temporary directory "
                + directory
                + " cannot be written: "
                + StoreErrors.reason(e)
                + ".",
            "Free some space there, or give another directory:"
                + " JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR in the environment, and --conf"
                + " spark.local.dir=DIR where that is set.",
            e);
      }
    }
  }
}
