package org.cytolake.output;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

/** Columns of the tables about clusters of pixels. */
final class ClusterSchemas {
  private ClusterSchemas() {}

  static Schemas values(Schemas key) {
    return key.with(
            "values",
            createArrayType(DoubleType),
            "The values that the pixels are clustered by, one per channel (clustering.values)")
        .with("pixels", LongType, "Pixels with these values, 1 or more");
  }

  private static Schemas model(Schemas key) {
    return key.with(
            "scope",
            StringType,
            "Whose pixels the model was fitted to: image, dataset, or the names of groups of the"
                + " pattern; key columns that do not tell it apart are NULL")
        .with("method", StringType, "gaussian_mixture or k_means")
        .with("k", IntegerType, "Number of clusters, 1 or more");
  }

  static Schemas models(Schemas key) {
    return model(key)
        .with("channels", createArrayType(StringType), "The channels that span the model")
        .with("pixels", LongType, "Pixels that the model was fitted to, 0 or more")
        .with("tuples", LongType, "Distinct tuples of values among them, 0 or more")
        .with(
            "dropped_bits",
            IntegerType,
            "Low bits dropped of values of 16 bits to keep the tuples few, 0 or more; 0 is exact")
        .with(
            "log_likelihood",
            DoubleType,
            "Mean natural log-likelihood of a pixel; NULL for k_means")
        .with(
            "aic", DoubleType, "Akaike's information criterion, lower is better; NULL for k_means")
        .with(
            "bic", DoubleType, "Bayesian information criterion, lower is better; NULL for k_means")
        .with(
            "silhouette",
            DoubleType,
            "Mean simplified silhouette (distances to the clusters' means), -1 to 1, higher is"
                + " better; NULL for one cluster")
        .with(
            "exact_silhouette",
            DoubleType,
            "Mean silhouette, -1 to 1; NULL where it was not asked for")
        .with(
            "cost",
            DoubleType,
            "Sum of the squared distances to the nearest centre, 0 or more; NULL for"
                + " gaussian_mixture")
        .with(
            "adjusted_rand",
            DoubleType,
            "Adjusted Rand index with the other method's clusters of the same k, 1 where they are"
                + " the same; NULL where there is no other")
        .with("iterations", IntegerType, "Iterations of the best start, 1 or more")
        .with("converged", BooleanType, "Whether the tolerance was met before the last iteration")
        .with(
            "selected",
            BooleanType,
            "Whether this k is the best of its scope and method: by BIC, or by silhouette for"
                + " k_means")
        .with("reason", StringType, "Why there is no model; NULL where there is one");
  }

  static Schemas clusters(Schemas key) {
    return model(key)
        .with(
            "cluster",
            IntegerType,
            "The cluster's label, 1 to k, ascending by mean of the first channel")
        .with("weight", DoubleType, "Share of the cluster in the mixture, or of the pixels, 0 to 1")
        .with("pixels", LongType, "Pixels that belong to the cluster, 0 or more")
        .with("mean", createArrayType(DoubleType), "Mean value, one per channel")
        .with(
            "covariance",
            createArrayType(createArrayType(DoubleType)),
            "Covariance matrix of the values, one row per channel");
  }

  static Schemas labels(Schemas key) {
    return model(key)
        .with("values", createArrayType(DoubleType), "The values, one per channel")
        .with("cluster", IntegerType, "The cluster that pixels with these values belong to")
        .with("pixels", LongType, "Pixels with these values, 1 or more");
  }
}
