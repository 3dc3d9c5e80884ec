package org.cytolake.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.connector.read.SupportsRuntimeV2Filtering;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.RowSize;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.source.read.Condition;
import org.cytolake.source.read.FieldTiling;
import org.cytolake.source.read.Metrics;
import org.cytolake.source.read.PushedQuery;
import org.cytolake.source.read.Tile;
import org.cytolake.source.read.TilePartition;
import scala.reflect.ClassTag$;

/** A planned reading of the table: which tiles, and what of them. */
final class MicroscopyScan implements SupportsReportStatistics, SupportsRuntimeV2Filtering, Batch {
  private static final long SAMPLE_BYTES = 2; // of most images

  private final SparkSession spark;
  private final SourceOptions options;
  private final TableImages images;
  private final PushedQuery query;
  private final ScanTiles found;
  private List<Tile> tiles;
  private boolean streamed;
  private List<Condition> joined = List.of(); // what joins let through, known when they run

  MicroscopyScan(
      SparkSession spark,
      SourceOptions options,
      TableImages images,
      PushedQuery query,
      ScanTiles found) {
    this.spark = spark;
    this.options = options;
    this.images = images;
    this.query = query;
    this.found = found;
  }

  @Override
  public StructType readSchema() {
    return query.output();
  }

  /** What {@code explain} shows. */
  @Override
  public String description() {
    if (streamed) {
      return "microscopy " + String.join(",", options.paths());
    }
    ImageCatalog catalog = images.catalog();
    StringBuilder text = new StringBuilder("microscopy images=" + catalog.fields().size());
    text.append(" files=").append(catalog.files()).append(" ignored=").append(catalog.ignored());
    text.append(" failed=").append(catalog.failures().size());
    if (query.rows() != RowSize.PIXELS) {
      text.append(" rows=").append(query.rows().name().toLowerCase(Locale.ROOT));
    }
    text.append(" tiles=").append(tiles().size());
    text.append(" channels=")
        .append(query.channelsToRead().stream().map(catalog.channels()::get).toList());
    text.append(" region=").append(found.region().given() ? found.region() : "all");
    found
        .sample()
        .ifPresent(
            sample ->
                text.append(" sample=[")
                    .append(sample.lower())
                    .append(", ")
                    .append(sample.upper())
                    .append(") of blocks"));
    found.limit().ifPresent(limit -> text.append(" limit=").append(limit));
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

  /** The same of images that come; nothing is pushed into the reading of a stream. */
  @Override
  public MicroBatchStream toMicroBatchStream(String checkpoint) {
    streamed = true;
    return new ImageStream(spark, options, images, createReaderFactory(), checkpoint);
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
    if (streamed) {
      return statistics(OptionalLong.empty(), OptionalLong.empty());
    }
    long pixels = tiles().stream().mapToLong(Tile::pixels).sum();
    long rows =
        switch (query.rows()) {
          case PIXELS -> pixels;
          case TILES -> tiles().size();
          case IMAGES -> pieces(tiles()).size();
        };
    long rowBytes =
        Arrays.stream(query.output().fields()).mapToLong(f -> f.dataType().defaultSize()).sum();
    long sampleBytes =
        query.rows() == RowSize.PIXELS ? 0 : pixels * query.channelsToRead().size() * SAMPLE_BYTES;
    // an upper bound is no row count: Spark may answer from it
    boolean exact =
        query.conditions().isEmpty() && query.aggregates().isEmpty() && !query.permissive();
    return statistics(
        OptionalLong.of(Math.max(1, rows * Math.max(1, rowBytes) + sampleBytes)),
        exact ? OptionalLong.of(rows) : OptionalLong.empty());
  }

  private static Statistics statistics(OptionalLong bytes, OptionalLong rows) {
    return new Statistics() {
      @Override
      public OptionalLong sizeInBytes() {
        return bytes;
      }

      @Override
      public OptionalLong numRows() {
        return rows;
      }
    };
  }

  /** What a join can leave out before anything is opened: images by the columns that they have. */
  @Override
  public NamedReference[] filterAttributes() {
    return Arrays.stream(query.output().fieldNames())
        .filter(column -> query.constantIndex(column) >= 0)
        .map(Expressions::column)
        .toArray(NamedReference[]::new);
  }

  /** Takes what a join lets through, in place of what an earlier execution took. */
  @Override
  public void filter(Predicate[] predicates) {
    Set<String> columns =
        Arrays.stream(filterAttributes())
            .map(column -> column.fieldNames()[0])
            .collect(Collectors.toSet());
    joined =
        Arrays.stream(predicates)
            .flatMap(predicate -> Condition.of(predicate, columns).stream())
            .toList();
  }

  @Override
  public CustomTaskMetric[] reportDriverMetrics() {
    if (streamed) {
      return new CustomTaskMetric[0];
    }
    int all = ScanTiles.images(tiles());
    int left = ScanTiles.images(found.joined(tiles(), joined));
    return new CustomTaskMetric[] {Metrics.value(Metrics.SKIPPED, all - left)};
  }

  @Override
  public InputPartition[] planInputPartitions() {
    List<Tile> wanted = found.joined(tiles(), joined);
    List<List<Tile>> packed =
        found
            .shares()
            .map(s -> s.partitions(wanted).stream().map(this::inOrder).toList())
            .orElseGet(
                () ->
                    FieldTiling.pack(
                        pieces(wanted),
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
   * where a plane is a row, be it as soon as some of it cannot be read.
   */
  private List<List<Tile>> pieces(List<Tile> of) {
    boolean finished = query.aggregates().filter(PushedQuery.Aggregates::ofPlanes).isPresent();
    if (!finished && !query.permissive() && query.rows() != RowSize.IMAGES) {
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

  /** The tiles that can hold a row, as far as is known before joins run. */
  private List<Tile> tiles() {
    if (tiles == null) {
      tiles = found.find();
    }
    return tiles;
  }
}
