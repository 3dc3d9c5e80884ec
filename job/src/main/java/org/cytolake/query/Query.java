package org.cytolake.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ShowTables;
import org.apache.spark.sql.catalyst.plans.logical.ShowViews;
import org.apache.spark.sql.catalyst.util.StringUtils;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.execution.command.ExplainCommand;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.PlateMapTable;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.source.MicroscopyTable;
import org.cytolake.store.TableStore;
import org.cytolake.store.TableStores;
import org.cytolake.tables.Table;

/**
 * SQL statements over the tables of an output, each a view of its name, and over images, the view
 * {@value #PIXELS}. The tables are as the last committed run left them; where it had a plate map,
 * the views of tables with wells have its columns too.
 */
public final class Query {
  /** The view of the images' pixels. */
  public static final String PIXELS = "pixels";

  private final SparkSession spark;
  private final String output;
  private final List<String> tables;
  private Optional<SourceOptions> images; // until their view is made

  private Query(
      SparkSession spark, String output, List<String> tables, Optional<SourceOptions> images) {
    this.spark = spark;
    this.output = output;
    this.tables = tables;
    this.images = images;
  }

  /**
   * Makes the views of the tables; that of the images only when a statement asks for it, since it
   * reads their headers.
   *
   * @param output folder of tables; may hold none
   * @param images where the images are; empty if nobody said
   * @param asked whether the images were asked for: then {@value #PIXELS} are theirs, else those of
   *     the table of that name where it has rows
   */
  public static Query over(
      SparkSession spark, String output, Optional<SourceOptions> images, boolean asked) {
    List<String> tables = new ArrayList<>();
    Optional<TableStore> store = TableStores.reader(spark, output);
    if (store.isPresent()) {
      Optional<Dataset<Row>> map = PlateMapTable.stored(spark, output);
      map.ifPresent(
          rows -> {
            rows.createOrReplaceTempView(PlateMapTable.NAME);
            tables.add(PlateMapTable.NAME);
          });
      for (Table table : Table.values()) {
        Optional<Dataset<Row>> rows = store.get().read(table);
        boolean hidden =
            table == Table.PIXELS && (asked || rows.map(Dataset::isEmpty).orElse(true));
        if (rows.isPresent() && !hidden) {
          map.map(m -> PlateMapTable.joined(rows.get(), m))
              .orElse(rows.get())
              .createOrReplaceTempView(table.folder());
          tables.add(table.folder());
        }
      }
    }
    return new Query(spark, output, tables, images);
  }

  /**
   * Runs statements, separated by semicolons.
   *
   * @return the rows of the last one, which are not computed yet where it is a query
   * @throws CytolakeException USAGE where one is wrong, saying where and what to do
   */
  public Dataset<Row> run(String text) {
    List<String> statements = statements(text);
    if (statements.isEmpty()) {
      throw new CytolakeException(
          Code.USAGE, "The query is empty.", "Write one, such as \"SELECT * FROM images\".");
    }
    Dataset<Row> result = null;
    for (String statement : statements) {
      result = run(statement, text);
    }
    return result;
  }

  private Dataset<Row> run(String statement, String text) {
    try {
      LogicalPlan plan = spark.sessionState().sqlParser().parsePlan(statement);
      if (plan instanceof ExplainCommand explain) {
        // which would print why not as if it were a plan
        spark
            .sessionState()
            .executePlan(explain.logicalPlan(), CommandExecutionMode.SKIP())
            .assertAnalyzed();
      }
      if ((plan instanceof ShowTables || plan instanceof ShowViews) && images.isPresent()) {
        makePixels();
      }
      return spark.sql(statement);
    } catch (Exception e) { // AnalysisException, which Spark's Scala does not declare
      if (e instanceof AnalysisException wrong && lacksPixels(wrong)) {
        if (images.isPresent()) {
          makePixels();
          return run(statement, text);
        }
      }
      throw QueryErrors.inWords(e, text, output, tables);
    }
  }

  private static boolean lacksPixels(AnalysisException e) {
    return QueryErrors.NO_TABLE.equals(e.getCondition())
        && PIXELS.equalsIgnoreCase(
            e.getMessageParameters().getOrDefault("relationName", "").replace("`", ""));
  }

  private void makePixels() {
    SourceOptions options = images.orElseThrow();
    images = Optional.empty();
    ImageCatalog catalog = ImageCatalog.load(options, spark.sessionState().newHadoopConf(), spark);
    new MicroscopyTable(spark, options, catalog).pixels().createOrReplaceTempView(PIXELS);
  }

  /** Each with as many line breaks before it that Spark counts its lines as the whole text's. */
  private static List<String> statements(String text) {
    List<String> statements = new ArrayList<>();
    int from = 0;
    for (Object piece :
        scala.jdk.javaapi.CollectionConverters.asJava(
            StringUtils.splitSemiColonWithIndex(text, false))) {
      String statement = (String) piece;
      int at = Math.max(from, text.indexOf(statement, from));
      from = at + statement.length();
      if (!statement.isBlank()) {
        long lines = text.substring(0, at).lines().count();
        boolean inLine = at > 0 && text.charAt(at - 1) != '\n';
        statements.add("\n".repeat((int) (inLine ? lines - 1 : lines)) + statement);
      }
    }
    return statements;
  }
}
