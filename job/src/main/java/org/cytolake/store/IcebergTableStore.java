package org.cytolake.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.OutputLock;
import org.cytolake.output.StoreErrors;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * Tables in an Apache Iceberg catalogue: the one that is named, or a Hadoop catalogue in the output
 * folder. The rest of an output lies in its folder.
 *
 * <p>Each table changes in one step, {@code images} last, which says what is complete: a run that
 * is killed between two tables has left an image's row as it was, and the next run does the image
 * again. Several runs may work at once: they commit one after the other, and where two did the same
 * image, the later one's rows stay. A commit that meets somebody else's, such as a compaction's, is
 * repeated.
 *
 * <p>Images of other channels or groups add their columns; nothing is taken away, and other rows
 * have NULL there.
 */
final class IcebergTableStore implements TableStore {
  private static final String RUNTIME = "org.apache.iceberg.spark.SparkCatalog";

  /** Types of channels that Iceberg can widen. */
  private static final Set<List<DataType>> WIDER =
      Set.of(
          List.of(DataTypes.IntegerType, DataTypes.LongType),
          List.of(DataTypes.FloatType, DataTypes.DoubleType));

  private final SparkSession spark;
  private final OutputFolder output;
  private final String setting;
  private final IcebergTables tables;
  private final Layout layout;

  private IcebergTableStore(
      SparkSession spark,
      OutputFolder output,
      String setting,
      IcebergTables tables,
      Layout layout) {
    this.spark = spark;
    this.output = output;
    this.setting = setting;
    this.tables = tables;
    this.layout = layout;
  }

  /**
   * The tables of an output that were committed there; writes nothing.
   *
   * @param setting {@code output.catalog}
   */
  static TableStore existing(
      SparkSession spark, OutputFolder output, String setting, Layout layout) {
    return new IcebergTableStore(spark, output, setting, usable(spark, output, setting), layout);
  }

  /**
   * Opens an output for writing; creates the folder.
   *
   * @throws CytolakeException USAGE if Iceberg is not on the class path, Spark has no such
   *     catalogue, or the output cannot be written
   */
  static TableStore open(SparkSession spark, OutputFolder output, String setting, Layout layout) {
    IcebergTables tables = usable(spark, output, setting);
    output.requireWritable(OutputFolder.PROBE + UUID.randomUUID());
    return new IcebergTableStore(spark, output, setting, tables, layout);
  }

  /**
   * @throws CytolakeException USAGE if Iceberg is not on the class path, Spark has no such
   *     catalogue, or what lies there or in the output is of somebody else
   */
  static void requireUsable(SparkSession spark, OutputFolder output, String setting) {
    IcebergTables tables = usable(spark, output, setting);
    try {
      tables.requireOwn(spark, output);
    } catch (CytolakeException e) {
      throw e;
    } catch (RuntimeException e) {
      throw StoreErrors.unusable("The tables of " + output + " cannot be read", e);
    }
  }

  private static IcebergTables usable(SparkSession spark, OutputFolder output, String setting) {
    try {
      Class.forName(RUNTIME, false, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException e) {
      throw new CytolakeException(
          Code.USAGE,
          "The tables of " + output + " are Iceberg's, which is not on the class path.",
          "Start with deploy/bin/cytolake, or deploy/bin/submit with CYTOLAKE_ICEBERG=on in the"
              + " environment, or give spark-submit --packages"
              + " org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.11.0.",
          e);
    }
    IcebergTables tables = IcebergTables.of(output, setting);
    tables.register(spark);
    return tables;
  }

  @Override
  public Optional<Dataset<Row>> read(Table table) {
    return tables.exists(spark, table)
        ? Optional.of(tables.rows(spark, table, table.schema(layout)))
        : Optional.empty();
  }

  @Override
  public String version(Table table) {
    return tables.exists(spark, table)
        ? tables.snapshot(spark, table).map(String::valueOf).orElse("")
        : "";
  }

  @Override
  public Layout layout() {
    return layout;
  }

  @Override
  public Layout fitting(Layout found) {
    Map<String, DataType> before = new HashMap<>();
    layout.channels().forEach(channel -> before.put(channel.name(), channel.type()));
    List<ChannelColumn> channels = new ArrayList<>();
    for (ChannelColumn channel : found.channels()) {
      DataType known = before.getOrDefault(channel.name(), channel.type());
      boolean widens = WIDER.contains(List.of(known, channel.type()));
      channels.add(widens ? channel : new ChannelColumn(channel.name(), known));
    }
    return new Layout(found.groups(), channels);
  }

  @Override
  public Map<String, String> facts() {
    return Manifest.lastFacts(output);
  }

  @Override
  public Run begin() {
    IcebergLocks.removeKilled(output);
    BatchId first = BatchId.first();
    OutputLock alive = IcebergLocks.alive(output, first);
    try {
      return new IcebergRun(spark, output, setting, tables, this, first, alive);
    } catch (Throwable t) {
      alive.close();
      throw t;
    }
  }
}
