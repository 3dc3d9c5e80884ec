package org.cytolake.source;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.CreatableRelationProvider;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;

/** {@code spark.read().format("microscopy")}; the options are those of {@link SourceOptions}. */
public final class MicroscopyDataSource
    implements TableProvider, DataSourceRegister, CreatableRelationProvider {
  static final String READ_ONLY =
      "Images cannot be written: the data source microscopy only reads.";

  private Map<String, String> loadedFor;
  private MicroscopyTable loaded;

  @Override
  public String shortName() {
    return "microscopy";
  }

  @Override
  public boolean supportsExternalMetadata() {
    return true;
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return load(options.asCaseSensitiveMap()).columnSchema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    if (properties.equals(loadedFor) || schema == null || schema.isEmpty()) {
      return load(properties);
    }
    SparkSession spark = SparkSession.active();
    SourceOptions options = SourceOptions.of(properties);
    return new MicroscopyTable(
        spark, options, TableImages.declared(options, schema, () -> catalog(options, spark)));
  }

  @Override
  public BaseRelation createRelation(
      SQLContext context,
      SaveMode mode,
      scala.collection.immutable.Map<String, String> parameters,
      Dataset<Row> pixels) {
    throw new CytolakeException(
        Code.USAGE, READ_ONLY, "Write pixels as a table, for example with .write.parquet(...).");
  }

  private MicroscopyTable load(Map<String, String> properties) {
    if (!properties.equals(loadedFor)) {
      SourceOptions options = SourceOptions.of(properties);
      SparkSession spark = SparkSession.active();
      loaded = new MicroscopyTable(spark, options, catalog(options, spark));
      loadedFor = Map.copyOf(properties);
    }
    return loaded;
  }

  private static ImageCatalog catalog(SourceOptions options, SparkSession spark) {
    return ImageCatalog.load(options, spark.sessionState().newHadoopConf(), spark);
  }
}
