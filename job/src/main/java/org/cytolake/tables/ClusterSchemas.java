package org.cytolake.tables;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createMapType;

import org.cytolake.config.ClusterOptions;

/** Columns of the tables about clusters of pixels. */
final class ClusterSchemas {
  private static final String DROPPED =
      "Low bits dropped of the intensities that the values come from, to keep the tuples few; 0 is"
          + " exact";

  private ClusterSchemas() {}

  static Schemas values(Schemas key) {
    return key.with(
            "values",
            createArrayType(DoubleType),
            "The values that the pixels are clustered by, one per channel (clustering.values)")
        .with("pixels", LongType, "Pixels with these values, 1 or more")
        .with("dropped_bits", IntegerType, DROPPED)
        .with(
            "even_pixels",
            LongType,
            "Those of the pixels that lie at evenly spread places and not on edges, 0 or more: four"
                + " of them count as one independent pixel")
        .with(
            "upper_even_pixels",
            LongType,
            "Those of the even_pixels that lie in the upper half of the image, 0 or more");
  }

  private static Schemas scope(Schemas key) {
    return key.with(
        "scope",
        StringType,
        "Whose pixels the model was fitted to: image, dataset, or the names of groups of the"
            + " pattern; key columns that do not tell it apart are NULL");
  }

  private static Schemas model(Schemas key) {
    return scope(key)
        .with(
            "method",
            StringType,
            "The method (clustering.methods): " + String.join(", ", ClusterOptions.METHODS))
        .with(
            "k",
            IntegerType,
            "Number of clusters, 1 or more; 0 where a method that finds it itself found none");
  }

  static Schemas models(Schemas key) {
    return model(key)
        .with("channels", createArrayType(StringType), "The channels that span the model")
        .with(
            "fitted_to",
            StringType,
            "What the values are: raw, log, equalized, or normalized to a channel")
        .with(
            "scale",
            createArrayType(DoubleType),
            "What each channel's values were divided by before the fit; NULL without"
                + " clustering.standardize")
        .with("pixels", LongType, "Pixels that the model was fitted to, 0 or more")
        .with("tuples", LongType, "Distinct tuples of values among them, 0 or more")
        .with(
            "dropped_bits",
            IntegerType,
            "Low bits dropped of values of 16 bits to keep the tuples few, 0 or more; 0 is exact")
        .with(
            "coarsened_bits",
            IntegerType,
            "Further bits dropped, of 16 over each channel's range, because the method takes no"
                + " more than clustering.max-tuples, 0 or more; 0 is none")
        .with(
            "coreset_points",
            IntegerType,
            "Weighted points that gaussian_mixture, k_means and bisecting_k_means were fitted to in"
                + " place of more tuples of three or more channels; 0: to the tuples. All tuples"
                + " have their label by the model")
        .with(
            "coreset_error",
            DoubleType,
            "What the points leave out, measured on all tuples: of gaussian_mixture the"
                + " log-likelihood of a pixel that their lower bound lacks, of the others the share"
                + " by which their cost is above cost; NULL without")
        .with(
            "nodes",
            createArrayType(createArrayType(DoubleType)),
            "Nodes of a self_organizing_map, row by row of its grid, or the means of birch's small"
                + " clusters: a value per channel; NULL for other methods")
        .with(
            "node_clusters",
            createArrayType(IntegerType),
            "The cluster of every node, 1 to k; 0 for one of a map that no pixel is nearest to")
        .with(
            "parameters",
            createMapType(StringType, DoubleType),
            "Settings of the method by name, estimated ones too, in units of what it was fitted to")
        .with(
            "log_likelihood",
            DoubleType,
            "Mean natural log-likelihood of a pixel; NULL but for gaussian_mixture")
        .with(
            "aic",
            DoubleType,
            "Akaike's information criterion, lower is better; NULL but for gaussian_mixture")
        .with(
            "bic",
            DoubleType,
            "Bayesian information criterion, lower is better; NULL but for gaussian_mixture")
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
            "effective_pixels",
            DoubleType,
            "Pixels that count as independent, as neighbours are alike: a quarter of the"
                + " even_pixels of cluster_values, 0 or more")
        .with(
            "effective_bic",
            DoubleType,
            "Bayesian information criterion of the even_pixels, counted as effective_pixels, lower"
                + " is better; NULL but for gaussian_mixture")
        .with(
            "icl",
            DoubleType,
            "effective_bic with twice the entropy of the clusters' probabilities (integrated"
                + " completed likelihood), lower is better; NULL but for gaussian_mixture")
        .with(
            "stability",
            DoubleType,
            "Adjusted Rand index of the clusters that the upper and the lower half of the"
                + " even_pixels give, at most 1; NULL but for gaussian_mixture and k_means with"
                + " clustering.recommend = stability")
        .with(
            "modes",
            IntegerType,
            "Populations, 1 or more: modes of the mixture that effective_bic picks of the"
                + " even_pixels, whatever k; NULL without any")
        .with(
            "cost",
            DoubleType,
            "Sum of the squared distances to the cluster's centre, 0 or more; NULL but for k_means,"
                + " mini_batch_k_means and bisecting_k_means")
        .with(
            "adjusted_rand",
            DoubleType,
            "Adjusted Rand index with the clusters of gaussian_mixture (its own: of k_means) of the"
                + " same k, 1 where they are the same; NULL where there are none")
        .with(
            "iterations", IntegerType, "Iterations of the best start, 1 or more; NULL without any")
        .with("converged", BooleanType, "Whether the tolerance was met before the last iteration")
        .with(
            "selected",
            BooleanType,
            "Whether this k is the best of its scope and method: by clustering.recommend, else by"
                + " BIC for gaussian_mixture and by silhouette for the others, or the only one")
        .with(
            "picked_by",
            createArrayType(StringType),
            "Criteria that pick this k: aic, bic, silhouette, exact_silhouette, effective_bic, icl,"
                + " stability, modes (the k nearest to as many); empty for others")
        .with("reason", StringType, "Why there is no model; NULL where there is one")
        .with(
            "labelled_by",
            StringType,
            "The folder that the model was taken from (clustering.model); NULL where it was fitted"
                + " here");
  }

  static Schemas clusters(Schemas key) {
    return model(key)
        .with(
            "cluster",
            IntegerType,
            "The cluster's label, 1 to k, ascending by mean of the first channel")
        .with("weight", DoubleType, "Share of the cluster in the mixture, or of the pixels, 0 to 1")
        .with("pixels", LongType, "Pixels in these tables that belong to the cluster, 0 or more")
        .with("mean", createArrayType(DoubleType), "Mean value, one per channel")
        .with(
            "covariance",
            createArrayType(createArrayType(DoubleType)),
            "Covariance matrix of the values, one row per channel")
        .with(
            "centre",
            createArrayType(DoubleType),
            "What pixels of the cluster are nearest to, one per channel: centre, mode, or a"
                + " mixture's mean; NULL for methods whose clusters have none");
  }

  static Schemas labels(Schemas key) {
    return scope(key)
        .with("values", createArrayType(DoubleType), "The values, one per channel")
        .with("pixels", LongType, "Pixels with these values, 1 or more")
        .with(
            "labels",
            createMapType(StringType, IntegerType),
            "By model, such as k_means_3: the cluster that pixels with these values belong to, 1 to"
                + " k; 0 for none (dbscan)")
        .with(
            "responsibilities",
            createMapType(StringType, createArrayType(DoubleType)),
            "By model: the probability of each cluster, in their order, 0 to 1; NULL without"
                + " clustering.responsibilities")
        .with(
            "dropped_bits",
            IntegerType,
            DROPPED
                + "; NULL where the tuples are of several images: cluster_values says it of each");
  }

  static Schemas shares(Schemas key) {
    return key.with(
            "scope",
            StringType,
            "Whose pixels the model was fitted to: image, dataset, or the names of groups of the"
                + " pattern")
        .with("method", StringType, "The method (clustering.methods)")
        .with("k", IntegerType, "Number of clusters of the method's selected model, 0 or more")
        .with(
            "object",
            StringType,
            "What the pixels are of: nucleus, cell, or cytoplasm, the cell without its nucleus")
        .with(
            "nucleus",
            IntegerType,
            "The object's label in the table nuclei, cells or cytoplasm, 1 or more")
        .with(
            "cluster",
            IntegerType,
            "The cluster's label, 1 to k; 0 for pixels that are not clustered, where there are any")
        .with("pixels", LongType, "Pixels of the object in the cluster, 0 or more")
        .with(
            "share",
            DoubleType,
            "Those divided by all pixels of the object, 0 to 1; over the clusters, 0 included, the"
                + " shares of an object add up to 1");
  }
}
