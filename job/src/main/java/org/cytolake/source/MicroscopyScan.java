package org.cytolake.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import scala.reflect.ClassTag$;

/** A planned reading of the table: which tiles, and what of them. */
final class MicroscopyScan implements SupportsReportStatistics, Batch {
  private final SparkSession spark;
  private final SourceOptions options;
  private final ImageCatalog catalog;
  private final Optional<Shares> shares;
  private final PushedQuery query;
  private final Bounds region;
  private List<Tile> tiles;

  MicroscopyScan(
      SparkSession spark,
      SourceOptions options,
      ImageCatalog catalog,
      Optional<Shares> shares,
      PushedQuery query,
      Bounds region) {
    this.spark = spark;
    this.options = options;
    this.catalog = catalog;
    this.shares = shares;
    this.query = query;
    this.region = region;
  }

  @Override
  public StructType readSchema() {
    return query.output();
  }

  /** What {@code explain} shows. */
  @Override
  public String description() {
    StringBuilder text = new StringBuilder("microscopy images=" + catalog.fields().size());
    text.append(" files=").append(catalog.files()).append(" ignored=").append(catalog.ignored());
    text.append(" failed=").append(catalog.failures().size());
    text.append(" tiles=").append(tiles().size());
    text.append(" channels=")
        .append(query.channelsToRead().stream().map(catalog.channels()::get).toList());
    text.append(" region=").append(region.given() ? region : "all");
    text.append(" predicates=").append(query.conditions());
    query
        .aggregates()
        .ifPresent(
            a ->
                text.append(" aggregates=")
                    .append(a.functions())
                    .append(" groupBy=")
                    .append(a.by())
                    .append(a.ofPlanes() ? " finished a plane at a time" : ""));
    return text.toString();
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public ColumnarSupportMode columnarSupportMode() {
    return ColumnarSupportMode.SUPPORTED;
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return Metrics.all();
  }

  @Override
  public Statistics estimateStatistics() {
    long pixels = tiles().stream().mapToLong(Tile::pixels).sum();
    long rowBytes =
        Arrays.stream(query.output().fields()).mapToLong(f -> f.dataType().defaultSize()).sum();
    return new Statistics() {
      @Override
      public OptionalLong sizeInBytes() {
        return OptionalLong.of(Math.max(1, pixels * Math.max(1, rowBytes)));
      }

      @Override
      public OptionalLong numRows() {
        // an upper bound is no row count: Spark may answer from it
        return query.conditions().isEmpty() && query.aggregates().isEmpty() && !query.permissive()
            ? OptionalLong.of(pixels)
            : OptionalLong.empty();
      }
    };
  }

  @Override
  public InputPartition[] planInputPartitions() {
    List<List<Tile>> packed =
        shares
            .map(s -> s.partitions(tiles()).stream().map(this::inOrder).toList())
            .orElseGet(
                () ->
                    FieldTiling.pack(
                        pieces(tiles()),
                        query.permissive()
                            ? query.channels().size()
                            : query.channelsToRead().size(),
                        options.partitionPixels(),
                        spark.sparkContext().defaultParallelism()));
    if (packed.isEmpty()) {
      packed = List.of(List.of()); // a global aggregate over nothing still has a row
    }
    InputPartition[] partitions = new InputPartition[packed.size()];
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = new TilePartition(packed.get(i), i == 0);
    }
    return partitions;
  }

  /**
   * Tiles that must be read by one task: those of a plane where the reader finishes planes, or
   * where a plane is a row as soon as some of it cannot be read.
   */
  private List<List<Tile>> pieces(List<Tile> of) {
    boolean finished = query.aggregates().filter(PushedQuery.Aggregates::ofPlanes).isPresent();
    if (!finished && !query.permissive()) {
      return of.stream().map(List::of).toList();
    }
    Map<List<Object>, List<Tile>> planes = new LinkedHashMap<>();
    for (Tile tile : of) {
      List<Object> plane =
          finished ? query.constantKey(tile) : List.of(tile.image(), tile.z(), tile.t());
      planes.computeIfAbsent(plane, key -> new ArrayList<>()).add(tile);
    }
    return List.copyOf(planes.values());
  }

  private List<Tile> inOrder(List<Tile> share) {
    return pieces(share).stream().flatMap(List::stream).toList();
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    Broadcast<SerializableConfiguration> hadoop =
        spark
            .sparkContext()
            .broadcast(
                new SerializableConfiguration(options.in(spark.sessionState().newHadoopConf())),
                ClassTag$.MODULE$.apply(SerializableConfiguration.class));
    return new TileReaderFactory(query, hadoop);
  }

  /**
   * The tiles that can hold a row: planes whose image-wide columns satisfy the conditions, inside
   * the region.
   */
  private List<Tile> tiles() {
    if (tiles == null) {
      tiles = findTiles();
    }
    return tiles;
  }

  private List<Tile> findTiles() {
    List<Condition> wide =
        query.conditions().stream()
            .filter(c -> c.columns().stream().allMatch(n -> query.constantIndex(n) >= 0))
            .toList();
    FieldTiling tiling = new FieldTiling(options.tilePixels());
    List<Tile> found = new ArrayList<>();
    if (query.permissive() && !region.given()) {
      for (Failure failure : catalog.failures()) {
        Tile tile = Tile.failed(failure);
        if (!isOutside(failure.image()) && isTrue(tile, wide)) {
          found.add(tile);
        }
      }
    }
    for (Field field : catalog.fields()) {
      if (isOutside(field.image())) {
        continue;
      }
      for (int t = 0; t < field.sizeT(); t++) {
        for (int z = 0; z < field.sizeZ(); z++) {
          List<Tile> plane = tiling.cut(field, region, z, t);
          if (!plane.isEmpty() && isTrue(plane.get(0), wide)) {
            found.addAll(plane);
          }
        }
      }
    }
    return found;
  }

  private boolean isOutside(String image) {
    return shares.isPresent() && !shares.get().contains(image);
  }

  private boolean isTrue(Tile tile, List<Condition> conditions) {
    ImageWide pixels = new ImageWide(query, tile);
    byte[] truth = new byte[1];
    for (Condition condition : conditions) {
      condition.evaluate(pixels, 1, truth);
      if (truth[0] != 1) {
        return false;
      }
    }
    return true;
  }

  /** The columns of a tile that need no pixels. */
  private record ImageWide(PushedQuery query, Tile tile) implements Condition.Pixels {
    @Override
    public Object constant(String column) {
      return tile.constant(query.constantIndex(column), query.groups().size());
    }

    @Override
    public boolean isNull(String column) {
      return false;
    }

    @Override
    public double value(String column, int i) {
      throw new IllegalStateException(column + " is not known without pixels");
    }

    @Override
    public int[] ints(String column) {
      return null;
    }
  }
}
