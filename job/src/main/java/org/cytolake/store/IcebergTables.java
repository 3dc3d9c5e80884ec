package org.cytolake.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.NullOrder;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.StoreErrors;
import org.cytolake.store.StagedRun.Going;
import org.cytolake.tables.Table;

/**
 * The tables of an output in an Iceberg catalogue.
 *
 * @param catalog Spark's name of it
 * @param namespace of the tables; may be empty
 * @param warehouse folder of a Hadoop catalogue that is registered under the name; null where Spark
 *     knows the name already
 * @param owner the output, which the tables name as theirs
 */
record IcebergTables(String catalog, List<String> namespace, String warehouse, String owner) {
  /** What the folder of a table holds of which the first commit was killed. */
  private static final Set<String> IN_THE_MAKING = Set.of("metadata", "data");

  private static final String OWNER = "cytolake.output";
  private static final String CATALOG = "spark.sql.catalog.";

  /** Other runs that commit at the same time are few, and each commit is short. */
  private static final String COMMIT_RETRIES = "20";

  private static final Map<String, String> HADOOP_CATALOG =
      Map.of(
          "",
          "org.apache.iceberg.spark.SparkCatalog",
          ".type",
          "hadoop",
          ".cache-enabled",
          "false");

  /**
   * @param setting {@code output.catalog}
   * @throws CytolakeException USAGE if it is no name of a catalogue
   */
  static IcebergTables of(OutputFolder output, String setting) {
    if (setting.isEmpty()) {
      String id =
          UUID.nameUUIDFromBytes(output.toString().getBytes(StandardCharsets.UTF_8)).toString();
      return new IcebergTables(
          "cytolake_" + id.replace("-", ""), List.of(), output.toString(), output.toString());
    }
    List<String> names = Arrays.asList(setting.split("\\.", -1));
    if (names.stream().anyMatch(String::isBlank)) {
      throw new CytolakeException(
          Code.USAGE,
          "output.catalog is '" + setting + "', which is no name of a catalogue.",
          "Write NAME, or NAME.NAMESPACE, such as lake.screens.");
    }
    List<String> namespace =
        names.size() == 1 ? List.of("cytolake") : names.subList(1, names.size());
    return new IcebergTables(names.get(0), List.copyOf(namespace), null, output.toString());
  }

  /**
   * Makes the catalogue known to a session.
   *
   * @throws CytolakeException USAGE if Iceberg is not there, or Spark knows no such catalogue
   */
  void register(SparkSession spark) {
    if (warehouse != null) {
      HADOOP_CATALOG.forEach((key, value) -> spark.conf().set(CATALOG + catalog + key, value));
      spark.conf().set(CATALOG + catalog + ".warehouse", warehouse);
    }
    try {
      var unused = catalog(spark);
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      throw new CytolakeException(
          Code.USAGE,
          "Spark has no Iceberg catalogue '" + catalog + "': " + StoreErrors.reason(e) + ".",
          "Describe it to Spark: --conf spark.sql.catalog."
              + catalog
              + "=org.apache.iceberg.spark.SparkCatalog --conf spark.sql.catalog."
              + catalog
              + ".type=... (deploy/docs/iceberg.md).",
          e);
    }
  }

  private Catalog catalog(SparkSession spark) {
    SparkSession.setActiveSession(spark); // whose settings Spark's catalogues look at
    return Spark3Util.loadIcebergCatalog(spark, catalog);
  }

  private TableIdentifier id(Table table) {
    return TableIdentifier.of(Namespace.of(namespace.toArray(String[]::new)), table.folder());
  }

  /** The table's name in SQL. */
  String name(Table table) {
    return Stream.of(Stream.of(catalog), namespace.stream(), Stream.of(table.folder()))
        .flatMap(names -> names)
        .map(name -> "`" + name.replace("`", "``") + "`")
        .collect(Collectors.joining("."));
  }

  boolean exists(SparkSession spark, Table table) {
    return catalog(spark).tableExists(id(table));
  }

  /**
   * @throws CytolakeException USAGE if there is a table that another output made, or something else
   *     lies where one would be
   */
  void requireOwn(SparkSession spark, OutputFolder output) {
    for (Table table : Table.values()) {
      if (!exists(spark, table)) {
        if (warehouse != null) {
          LayoutFile.requireFree(output, table, IN_THE_MAKING);
        }
      } else {
        String other = catalog(spark).loadTable(id(table)).properties().get(OWNER);
        if (!owner.equals(other)) {
          throw new CytolakeException(
              Code.USAGE,
              "The table "
                  + name(table)
                  + " belongs to "
                  + (other == null ? "something else" : "the output " + other)
                  + ".",
              "Choose another namespace: output.catalog = " + catalog + ".NAMESPACE.");
        }
      }
    }
  }

  /** The table's rows as the last commit left them, in these columns; NULL in those it lacks. */
  Dataset<Row> rows(SparkSession spark, Table table, StructType schema) {
    spark.catalog().refreshTable(name(table)); // another process may have committed
    Dataset<Row> rows = spark.table(name(table));
    Set<String> present = Set.of(rows.columns());
    return rows.select(
        Arrays.stream(schema.fields())
            .map(field -> column(field, present.contains(field.name())))
            .toArray(Column[]::new));
  }

  private static Column column(StructField field, boolean present) {
    Column value = present ? col("`" + field.name() + "`") : lit(null);
    return value.cast(field.dataType()).as(field.name(), field.metadata());
  }

  /** Creates the table, or adds to it the columns that it lacks. */
  void provide(SparkSession spark, Table table, StructType schema) {
    Catalog tables = catalog(spark);
    Schema columns = SparkSchemaUtil.convert(schema);
    if (!tables.tableExists(id(table))) {
      create(tables, table, columns);
    }
    org.apache.iceberg.Table present = tables.loadTable(id(table));
    var update = present.updateSchema().unionByNameWith(columns);
    if (!update.apply().sameSchema(present.schema())) {
      update.commit();
    }
  }

  private void create(Catalog tables, Table table, Schema columns) {
    Namespace space = id(table).namespace();
    if (!space.isEmpty()
        && tables instanceof SupportsNamespaces spaces
        && !spaces.namespaceExists(space)) {
      try {
        spaces.createNamespace(space);
      } catch (AlreadyExistsException e) {
        // another run was first
      }
    }
    SortOrder.Builder order = SortOrder.builderFor(columns);
    table.order().stream()
        .filter(name -> columns.findField(name).type().isPrimitiveType())
        .forEach(name -> order.asc(name, NullOrder.NULLS_FIRST));
    try {
      var unused =
          tables
              .buildTable(id(table), columns)
              .withPartitionSpec(PartitionSpec.unpartitioned())
              .withSortOrder(order.build())
              .withProperty(OWNER, owner)
              .withProperty("comment", table.description())
              .withProperty("format-version", "2")
              .withProperty("write.metadata.metrics.column.image", "full")
              .withProperty("commit.retry.num-retries", COMMIT_RETRIES)
              .create();
    } catch (AlreadyExistsException e) {
      // another run was first
    }
  }

  /** Whether a snapshot of the table is this run's. */
  boolean isCommitted(SparkSession spark, Table table, String run) {
    for (Snapshot snapshot : catalog(spark).loadTable(id(table)).snapshots()) {
      if (run.equals(snapshot.summary().get("cytolake.run"))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a file may hold rows that go, by what the table says of its files. */
  boolean mayHold(SparkSession spark, Table table, Going going) {
    Expression goes = Expressions.alwaysFalse();
    if (going.withoutImage()) {
      goes = Expressions.isNull("image");
    }
    if (!going.images().isEmpty()) {
      goes = Expressions.or(goes, among(going.images()));
    }
    try (CloseableIterable<FileScanTask> files =
        catalog(spark).loadTable(id(table)).newScan().filter(goes).planFiles()) {
      return files.iterator().hasNext();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Expression among(Set<String> images) {
    if (images.size() <= IcebergRun.LISTED) {
      return Expressions.in("image", images.toArray());
    }
    List<String> sorted =
        images.stream().map(UTF8String::fromString).sorted().map(UTF8String::toString).toList();
    return Expressions.and(
        Expressions.greaterThanOrEqual("image", sorted.get(0)),
        Expressions.lessThanOrEqual("image", sorted.get(sorted.size() - 1)));
  }

  /** The id of the table's current snapshot; empty if it has none. */
  Optional<Long> snapshot(SparkSession spark, Table table) {
    return Optional.ofNullable(catalog(spark).loadTable(id(table)).currentSnapshot())
        .map(Snapshot::snapshotId);
  }
}
