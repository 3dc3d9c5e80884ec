package org.cytolake.run;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.cytolake.clusters.StoredModels;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.field.Failure;
import org.cytolake.plan.Scope;

/** What the tables remember of the run that wrote them last. */
final class RunFacts {
  /** What the models of several images depend on beside the images. */
  static final String CLUSTERING = "clustering";

  /** What flags depend on beside the images. */
  static final String QUALITY = "quality";

  /** {@link RunPlateMap#state}. */
  static final String PLATE_MAP = "plate-map";

  /** The run's configuration. */
  static final String CONFIGURATION = "configuration";

  private final SparkSession spark;
  private final CytolakeConfig config;
  private final Scope scope;

  RunFacts(SparkSession spark, CytolakeConfig config, Scope scope) {
    this.spark = spark;
    this.config = config;
    this.scope = scope;
  }

  /** What {@link #CLUSTERING} is now. */
  String clustering() {
    return config.clustering()
        + StoredModels.state(spark, config.clustering(), config.output().path());
  }

  /** What {@link #QUALITY} is now. */
  String quality() {
    return config.quality().toString();
  }

  /**
   * Of a batch.
   *
   * @param images of the batch
   * @param seconds of each part of the run so far
   */
  Map<String, String> of(int images, Collection<Failure> failures, Map<String, Double> seconds) {
    Map<String, String> facts = new LinkedHashMap<>();
    String version = getClass().getPackage().getImplementationVersion();
    if (version != null) { // packaged
      facts.put("version", version);
    }
    facts.put("images", Integer.toString(images));
    facts.put("failed", Integer.toString(failures.size()));
    facts.put("failures", Failure.toJson(failures));
    facts.put("seconds", json(seconds));
    scope.addTo(facts);
    facts.put(CONFIGURATION, config.text());
    return facts;
  }

  private static String json(Map<String, Double> seconds) {
    StringBuilder json = new StringBuilder("{");
    seconds.forEach(
        (part, s) ->
            json.append(json.length() > 1 ? "," : "")
                .append(String.format(Locale.ROOT, "\"%s\":%.3f", part, s)));
    return json.append('}').toString();
  }

  /**
   * The same of the last batch, after which models of several images, flags and the report are
   * current.
   */
  Map<String, String> ofLast(
      int images, Collection<Failure> failures, Map<String, Double> seconds, RunPlateMap plateMap) {
    Map<String, String> facts = of(images, failures, seconds);
    facts.put(CLUSTERING, clustering());
    facts.put(QUALITY, quality());
    facts.put(PLATE_MAP, plateMap.state());
    return facts;
  }
}
