package org.cytolake.source;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.field.Columns;

/**
 * Takes columns from Spark's optimiser; and predicates, regions and aggregates where those may be
 * pushed: where not, none are offered, so that Spark does not even translate them.
 */
class MicroscopyScanBuilder implements SupportsPushDownRequiredColumns {
  final ImageCatalog catalog;
  final StructType schema;
  final List<Condition> conditions = new ArrayList<>();
  Bounds region = Bounds.ALL;
  StructType output;
  PushedQuery.Aggregates aggregates;
  private final SparkSession spark;
  private final SourceOptions options;
  private final Optional<Shares> shares;

  MicroscopyScanBuilder(
      SparkSession spark,
      SourceOptions options,
      ImageCatalog catalog,
      Optional<Shares> shares,
      StructType schema) {
    this.spark = spark;
    this.options = options;
    this.catalog = catalog;
    this.shares = shares;
    this.schema = schema;
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
            catalog.groups(),
            catalog.channels(),
            catalog.sampleTypes(),
            output,
            List.copyOf(conditions),
            Optional.ofNullable(aggregates),
            options.permissive(),
            region.given(),
            options.tilePixels());
    return new MicroscopyScan(spark, options, catalog, shares, query, region);
  }

  /** Takes all of it. */
  static final class Pushing extends MicroscopyScanBuilder
      implements SupportsPushDownV2Filters, SupportsPushDownAggregates {
    private final List<Predicate> pushed = new ArrayList<>();

    Pushing(
        SparkSession spark,
        SourceOptions options,
        ImageCatalog catalog,
        Optional<Shares> shares,
        StructType schema) {
      super(spark, options, catalog, shares, schema);
    }

    @Override
    public Predicate[] pushPredicates(Predicate[] predicates) {
      Set<String> columns = new HashSet<>(List.of(schema.fieldNames()));
      columns.remove(Columns.CORRUPT);
      List<Predicate> rest = new ArrayList<>();
      for (Predicate predicate : predicates) {
        Optional<Condition> condition = Condition.of(predicate, columns);
        if (condition.isEmpty()) {
          rest.add(predicate);
          continue;
        }
        pushed.add(predicate);
        Optional<Bounds> narrower =
            condition.get() instanceof Condition.Compare compare
                ? region.narrow(compare)
                : Optional.empty();
        if (narrower.isPresent()) {
          region = narrower.get();
        } else {
          conditions.add(condition.get());
        }
      }
      return rest.toArray(Predicate[]::new);
    }

    @Override
    public Predicate[] pushedPredicates() {
      return pushed.toArray(Predicate[]::new);
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
      Set<String> channels = Set.copyOf(catalog.channels());
      List<AggregateColumn> functions = new ArrayList<>();
      for (AggregateFunc function : aggregation.aggregateExpressions()) {
        Optional<AggregateColumn> column = AggregateColumn.of(function, schema, channels);
        if (column.isEmpty()) {
          return Optional.empty();
        }
        functions.add(column.get());
      }
      if (functions.stream().anyMatch(f -> f.function().isOurs())) {
        return isPlane(by)
            ? Optional.of(new PushedQuery.Aggregates(by, functions, true))
            : Optional.empty();
      }
      return functions.stream().allMatch(f -> f.function().isMergedBySpark())
          ? Optional.of(new PushedQuery.Aggregates(by, functions, false))
          : Optional.empty();
    }

    /** Whether each group of these columns lies within one plane, and takes no pixels to tell. */
    private boolean isPlane(List<String> by) {
      return by.contains(Columns.IMAGE)
          && by.stream().noneMatch(catalog.channels()::contains)
          && (by.contains(Columns.Z) || catalog.fields().stream().allMatch(f -> f.sizeZ() == 1))
          && (by.contains(Columns.T) || catalog.fields().stream().allMatch(f -> f.sizeT() == 1));
    }
  }
}
