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

/** Takes columns, predicates, regions and aggregates from Spark's optimiser. */
final class MicroscopyScanBuilder
    implements SupportsPushDownV2Filters,
        SupportsPushDownAggregates,
        SupportsPushDownRequiredColumns {
  private final SparkSession spark;
  private final SourceOptions options;
  private final ImageCatalog catalog;
  private final StructType schema;
  private final List<Predicate> pushed = new ArrayList<>();
  private final List<Condition> conditions = new ArrayList<>();
  private Bounds region = Bounds.ALL;
  private StructType output;
  private PushedQuery.Aggregates aggregates;

  MicroscopyScanBuilder(
      SparkSession spark, SourceOptions options, ImageCatalog catalog, StructType schema) {
    this.spark = spark;
    this.options = options;
    this.catalog = catalog;
    this.schema = schema;
    this.output = schema;
  }

  @Override
  public Predicate[] pushPredicates(Predicate[] predicates) {
    if (!options.pushDown()) {
      return predicates;
    }
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

  @Override
  public boolean pushAggregation(Aggregation aggregation) {
    if (!options.pushDown()) {
      return false;
    }
    Set<String> groupable = new HashSet<>(List.of(schema.fieldNames()));
    groupable.remove(Columns.X);
    groupable.remove(Columns.Y);
    List<String> by = new ArrayList<>();
    List<StructField> fields = new ArrayList<>();
    for (Expression expression : aggregation.groupByExpressions()) {
      if (!(expression instanceof NamedReference reference)
          || reference.fieldNames().length != 1
          || !groupable.contains(reference.fieldNames()[0])) {
        return false;
      }
      by.add(reference.fieldNames()[0]);
      fields.add(schema.apply(reference.fieldNames()[0]));
    }
    Set<String> channels = Set.copyOf(catalog.channels());
    List<AggregateColumn> functions = new ArrayList<>();
    for (AggregateFunc function : aggregation.aggregateExpressions()) {
      Optional<AggregateColumn> column = AggregateColumn.of(function, schema, channels);
      if (column.isEmpty()) {
        return false;
      }
      fields.add(
          DataTypes.createStructField("aggregate_" + functions.size(), column.get().type(), true));
      functions.add(column.get());
    }
    aggregates = new PushedQuery.Aggregates(by, functions);
    output = new StructType(fields.toArray(StructField[]::new));
    return true;
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
            options.permissive());
    return new MicroscopyScan(spark, options, catalog, query, region);
  }
}
