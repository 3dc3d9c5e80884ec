package org.cytolake.store;

import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig.Output;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.output.OutputFolder;
import org.cytolake.tables.Layout;

/** Opens the tables of an output, in the format that its first run chose. */
public final class TableStores {
  private TableStores() {}

  /**
   * The tables of an output for reading; writes nothing, not even to find out whether it could.
   *
   * @param path a path or URI of any Hadoop file system
   * @return empty if no run was committed there yet
   * @throws CytolakeException USAGE if the path means no folder; FAILED if what is there is damaged
   */
  public static Optional<TableStore> reader(SparkSession spark, String path) {
    OutputFolder output = folder(spark, path);
    return LayoutFile.read(output).map(file -> existing(spark, output, file));
  }

  /**
   * Opens an output for writing; creates the folder.
   *
   * @throws CytolakeException USAGE if it cannot be written, holds tables of another format,
   *     catalogue or layout, or folders with foreign files where tables would be; FAILED if the
   *     disk is full or what is there is damaged
   */
  public static TableStore open(SparkSession spark, Output settings, Layout layout) {
    OutputFolder output = folder(spark, settings.path());
    Optional<LayoutFile> present = LayoutFile.read(output);
    present.ifPresent(file -> requireSame(output, file, settings));
    return settings.format().equals(Output.ICEBERG)
        ? IcebergTableStore.open(spark, output, settings.catalog(), layout)
        : ParquetTableStore.open(spark, output, layout);
  }

  /**
   * Opens an output that holds tables for writing, as they are.
   *
   * @return empty if no run was committed there yet
   * @throws CytolakeException as {@link #open}
   */
  public static Optional<TableStore> writer(SparkSession spark, String path) {
    OutputFolder output = folder(spark, path);
    return LayoutFile.read(output)
        .map(
            file -> {
              output.requireWritable(OutputFolder.PROBE + UUID.randomUUID());
              return existing(spark, output, file);
            });
  }

  private static TableStore existing(SparkSession spark, OutputFolder output, LayoutFile file) {
    return file.format().equals(Output.ICEBERG)
        ? IcebergTableStore.existing(spark, output, file.catalog(), file.layout())
        : ParquetTableStore.existing(spark, output, file.layout());
  }

  private static void requireSame(OutputFolder output, LayoutFile file, Output settings) {
    if (!file.format().equals(settings.format()) || !file.catalog().equals(settings.catalog())) {
      throw new CytolakeException(
          Code.USAGE,
          "The output "
              + output
              + " holds tables with output.format = "
              + file.format()
              + (file.catalog().isEmpty() ? "" : " and output.catalog = " + file.catalog())
              + "; this run has "
              + settings.format()
              + (settings.catalog().isEmpty() ? "" : " and " + settings.catalog())
              + ".",
          "Set them as they were, or use another --output.");
    }
  }

  /**
   * Finds out whether an output can be written, before any work is done for it.
   *
   * @throws CytolakeException USAGE if it cannot be, or holds tables of another format or catalogue
   */
  public static void requireWritable(SparkSession spark, Output settings) {
    OutputFolder output = folder(spark, settings.path());
    LayoutFile.read(output).ifPresent(file -> requireSame(output, file, settings));
    if (settings.format().equals(Output.ICEBERG)) {
      IcebergTableStore.requireUsable(spark, output, settings.catalog());
    }
    output.requireWritable(OutputFolder.STAGING + "/" + OutputFolder.PROBE + UUID.randomUUID());
  }

  private static OutputFolder folder(SparkSession spark, String path) {
    return OutputFolder.of(path, spark.sparkContext().hadoopConfiguration());
  }
}
