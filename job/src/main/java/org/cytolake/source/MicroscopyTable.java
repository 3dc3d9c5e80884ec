package org.cytolake.source;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.CatalogPlugin;
import org.apache.spark.sql.connector.catalog.CatalogV2Util;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.connector.catalog.SupportsMetadataColumns;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.RowSize;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.source.read.HiddenColumn;
import scala.Option;

/** A folder of images as a table; the headers are read once for the table. */
public final class MicroscopyTable implements SupportsRead, SupportsMetadataColumns {
  private final SparkSession spark;
  private final SourceOptions options;
  private final TableImages images;
  private final Optional<Shares> shares;
  private final StructType schema;

  /** A table over a catalogue at hand. */
  public MicroscopyTable(SparkSession spark, SourceOptions options, ImageCatalog catalog) {
    this(spark, options, TableImages.of(options, catalog));
  }

  MicroscopyTable(SparkSession spark, SourceOptions options, TableImages images) {
    this(spark, options, images, Optional.empty());
  }

  private MicroscopyTable(
      SparkSession spark, SourceOptions options, TableImages images, Optional<Shares> shares) {
    this.spark = spark;
    this.options = options;
    this.images = images;
    this.shares = shares;
    this.schema = images.schema();
  }

  /**
   * The table of some of the images, read in partitions that are laid down: one for each share, in
   * this order, and in it the rows of its images in theirs, on however many cores. A share without
   * rows is an empty partition.
   *
   * @param ids of the images, share by share
   * @throws IllegalArgumentException if an image is named twice or is not in the table
   */
  public MicroscopyTable inShares(List<List<String>> ids) {
    return new MicroscopyTable(
        spark, options, images, Optional.of(Shares.of(ids, images.catalog())));
  }

  /** The table's pixels, as {@code spark.read().format("microscopy")} would give them. */
  public Dataset<Row> pixels() {
    return org.apache.spark.sql.classic.Dataset.ofRows(
        (org.apache.spark.sql.classic.SparkSession) spark,
        DataSourceV2Relation.create(
            this, Option.<CatalogPlugin>empty(), Option.<Identifier>empty()));
  }

  @Override
  public String name() {
    return "microscopy " + String.join(",", options.paths());
  }

  @Override
  public Column[] columns() {
    return CatalogV2Util.structTypeToV2Columns(schema);
  }

  @Override
  public MetadataColumn[] metadataColumns() {
    return Arrays.stream(HiddenColumn.values())
        .map(HiddenColumn::column)
        .toArray(MetadataColumn[]::new);
  }

  /** The columns, as {@link Columns} makes them. */
  StructType columnSchema() {
    return schema;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ, TableCapability.MICRO_BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap readOptions) {
    if (!options.pushDown()) {
      return new MicroscopyScanBuilder(spark, options, images, shares);
    }
    return options.rows() == RowSize.PIXELS
        ? new MicroscopyScanBuilder.OfPixels(spark, options, images, shares)
        : new MicroscopyScanBuilder.OfTiles(spark, options, images, shares);
  }
}
