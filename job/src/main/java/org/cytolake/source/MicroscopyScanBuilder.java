package org.cytolake.source;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownTableSample;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.field.Columns;
import org.cytolake.source.read.AggregateColumn;
import org.cytolake.source.read.Bounds;
import org.cytolake.source.read.Condition;
import org.cytolake.source.read.PushedQuery;
import org.cytolake.source.read.TileSample;

/**
 * Takes columns from Spark's optimiser; and predicates, regions and aggregates where those may be
 * pushed: where not, none are offered, so that Spark does not even translate them.
 */
class MicroscopyScanBuilder implements SupportsPushDownRequiredColumns {
  final TableImages images;
  final StructType schema;
  final List<Condition> conditions = new ArrayList<>();
  Bounds region = Bounds.ALL;
  StructType output;
  Optional<TileSample> sample = Optional.empty();
  OptionalInt limit = OptionalInt.empty();
  PushedQuery.Aggregates aggregates;
  private final SparkSession spark;
  final SourceOptions options;
  private final Optional<Shares> shares;

  MicroscopyScanBuilder(
      SparkSession spark, SourceOptions options, TableImages images, Optional<Shares> shares) {
    this.spark = spark;
    this.options = options;
    this.images = images;
    this.shares = shares;
    this.schema = images.schema();
    this.output = schema;
  }

  @Override
  public void pruneColumns(StructType required) {
    output = required;
  }

  @Override
  public Scan build() {
    PushedQuery query =
        new PushedQuery(
            images.groups(),
            images.channels(),
            images.types(),
            options.rows(),
            output,
            List.copyOf(conditions),
            Optional.ofNullable(aggregates),
            options.permissive(),
            region.given(),
            options.tilePixels());
    return new MicroscopyScan(
        spark, options, images, query, new ScanTiles(images, shares, query, region, sample, limit));
  }

  /** Takes predicates over the columns that take no pixels. */
  static class OfTiles extends MicroscopyScanBuilder
      implements SupportsPushDownV2Filters, SupportsPushDownTableSample, SupportsPushDownLimit {
    private final List<Predicate> pushed = new ArrayList<>();

    OfTiles(
        SparkSession spark, SourceOptions options, TableImages images, Optional<Shares> shares) {
      super(spark, options, images, shares);
    }

    @Override
    public Predicate[] pushPredicates(Predicate[] predicates) {
      Set<String> columns = filterable();
      List<Predicate> rest = new ArrayList<>();
      for (Predicate predicate : predicates) {
        Optional<Condition> condition = Condition.of(predicate, columns);
        if (condition.isEmpty()) {
          rest.add(predicate);
          continue;
        }
        pushed.add(predicate);
        take(condition.get());
      }
      return rest.toArray(Predicate[]::new);
    }

    /** Takes whole blocks of planes; with replacement Spark takes rows itself. */
    @Override
    public boolean pushTableSample(double lower, double upper, boolean withReplacement, long seed) {
      if (withReplacement) {
        return false;
      }
      sample = Optional.of(new TileSample(lower, upper, seed));
      return true;
    }

    /** Spark counts the rows nevertheless. */
    @Override
    public boolean pushLimit(int rows) {
      if (aggregates != null) {
        return false;
      }
      limit = OptionalInt.of(rows);
      return true;
    }

    Set<String> filterable() {
      Set<String> columns = new HashSet<>(List.of(schema.fieldNames()));
      columns.remove(Columns.CORRUPT);
      for (String channel : images.channels()) {
        columns.remove(channel);
        columns.remove(channel + Columns.TYPE_SUFFIX);
      }
      return columns;
    }

    void take(Condition condition) {
      conditions.add(condition);
    }

    @Override
    public Predicate[] pushedPredicates() {
      return pushed.toArray(Predicate[]::new);
    }
  }

  /** Takes predicates over all columns, regions and aggregates. */
  static final class OfPixels extends OfTiles implements SupportsPushDownAggregates {
    OfPixels(
        SparkSession spark, SourceOptions options, TableImages images, Optional<Shares> shares) {
      super(spark, options, images, shares);
    }

    @Override
    Set<String> filterable() {
      Set<String> columns = new HashSet<>(List.of(schema.fieldNames()));
      columns.remove(Columns.CORRUPT);
      return columns;
    }

    @Override
    void take(Condition condition) {
      Optional<Bounds> narrower =
          condition instanceof Condition.Compare compare
              ? region.narrow(compare)
              : Optional.empty();
      if (narrower.isPresent()) {
        region = narrower.get();
      } else {
        conditions.add(condition);
      }
    }

    /** Whether the reader finishes the aggregates: histograms of planes, and any beside them. */
    @Override
    public boolean supportCompletePushDown(Aggregation aggregation) {
      return aggregates(aggregation).filter(PushedQuery.Aggregates::ofPlanes).isPresent();
    }

    @Override
    public boolean pushAggregation(Aggregation aggregation) {
      Optional<PushedQuery.Aggregates> taken = aggregates(aggregation);
      if (taken.isEmpty()) {
        return false;
      }
      aggregates = taken.get();
      List<StructField> fields = new ArrayList<>();
      aggregates.by().forEach(column -> fields.add(schema.apply(column)));
      for (AggregateColumn function : aggregates.functions()) {
        fields.add(
            DataTypes.createStructField(
                "aggregate_" + (fields.size() - aggregates.by().size()), function.type(), true));
      }
      output = new StructType(fields.toArray(StructField[]::new));
      return true;
    }

    /** What the reader can do of an aggregation; empty where it can do nothing. */
    private Optional<PushedQuery.Aggregates> aggregates(Aggregation aggregation) {
      Set<String> groupable = new HashSet<>(List.of(schema.fieldNames()));
      groupable.remove(Columns.X);
      groupable.remove(Columns.Y);
      List<String> by = new ArrayList<>();
      for (Expression expression : aggregation.groupByExpressions()) {
        if (!(expression instanceof NamedReference reference)
            || reference.fieldNames().length != 1
            || !groupable.contains(reference.fieldNames()[0])) {
          return Optional.empty();
        }
        by.add(reference.fieldNames()[0]);
      }
      Set<String> channels = Set.copyOf(images.channels());
      List<AggregateColumn> functions = new ArrayList<>();
      for (AggregateFunc function : aggregation.aggregateExpressions()) {
        Optional<AggregateColumn> column = AggregateColumn.of(function, schema, channels);
        if (column.isEmpty()) {
          return Optional.empty();
        }
        functions.add(column.get());
      }
      boolean wholeOnly = functions.stream().anyMatch(f -> f.function().isOfPlanes());
      if (isPlane(by) && (wholeOnly || planesAreTiles())) {
        return Optional.of(new PushedQuery.Aggregates(by, functions, true));
      }
      return functions.stream().allMatch(f -> f.function().isMergedBySpark())
          ? Optional.of(new PushedQuery.Aggregates(by, functions, false))
          : Optional.empty();
    }

    /** Whether no plane has several tiles, on which tasks could work at once. */
    private boolean planesAreTiles() {
      return images.catalog().fields().stream()
          .allMatch(f -> f.planePixels() <= options.tilePixels());
    }

    /** Whether each group of these columns lies within one plane, and takes no pixels to tell. */
    private boolean isPlane(List<String> by) {
      return by.contains(Columns.IMAGE)
          && by.stream().noneMatch(images.channels()::contains)
          && (by.contains(Columns.Z)
              || images.catalog().fields().stream().allMatch(f -> f.sizeZ() == 1))
          && (by.contains(Columns.T)
              || images.catalog().fields().stream().allMatch(f -> f.sizeT() == 1));
    }
  }
}
