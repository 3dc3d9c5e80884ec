package org.cytolake.plan;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.cytolake.bioformats.zarr.PyramidLevel;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.cells.CellSettings;
import org.cytolake.cluster.similarity.AffinityPropagation;
import org.cytolake.config.ClusterOptions;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.config.Exploration;
import org.cytolake.config.LabelFormat;
import org.cytolake.field.ImageFile;
import org.cytolake.illumination.IlluminationGroups;

/**
 * Says whether an image must be processed again: a digest of its files' paths, lengths and
 * modification times, of every setting that its rows depend on, each by its name in the
 * configuration, and of the illumination functions that correct it.
 *
 * @param illumination which functions those are
 */
public record Fingerprint(String settings, IlluminationGroups illumination)
    implements Serializable {
  /** Raised when the same settings give other rows. */
  private static final int VERSION = 7;

  /**
   * The part that images share: the settings.
   *
   * @param segmentation what is segmented how, by name; empty where nothing is
   * @param scope for nuclei alone, settings of other tables are of no account
   * @param illumination which illumination functions images have
   */
  public static Fingerprint of(
      CytolakeConfig config,
      Map<String, String> segmentation,
      Scope scope,
      IlluminationGroups illumination) {
    Map<String, String> pairs = new TreeMap<>();
    pairs.put("version", Integer.toString(VERSION));
    pairs.put("input.pattern", config.input().pattern());
    pairs.put("input.channels", config.input().channels());
    pairs.put("input.z", config.input().z());
    PyramidLevel level = SourceOptions.parseLevel(config.input().level());
    if (!level.isFull()) {
      pairs.put("input.level", level.toString());
    }
    pairs.put("output.label-images", config.output().labelImages().toString());
    boolean usual = config.output().labelFormat() == LabelFormat.OME_TIFF;
    if (!usual && !config.output().labelImages().isEmpty()) {
      pairs.put("output.label-format", config.output().labelFormat().word());
    }
    pairs.put("output.pixels", Boolean.toString(config.output().pixels()));
    pairs.put("scope", scope.name());
    pairs.putAll(segmentation);
    if (config.quality().enabled()) {
      pairs.put("quality.scales", config.quality().scales().toString());
    }
    if (!segmentation.isEmpty()) {
      pairs.putAll(CellSettings.fingerprint(config.cells()));
    }
    if (scope == Scope.ALL) {
      pairs.put("histograms.bins", Integer.toString(config.histograms().bins()));
      pairs.put("histograms.max-tuples", Long.toString(config.histograms().maxTuples()));
      statistics(config.exploration(), pairs);
      clustering(config.clustering(), pairs);
      if (config.clustering().enabled()
          && config.clustering().perImage()
          && !segmentation.isEmpty()) {
        pairs.put(
            "clustering.shares",
            Boolean.toString(config.clustering().options().shares().orElse(true)));
      }
    }
    StringBuilder text = new StringBuilder();
    pairs.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return new Fingerprint(
        text.toString(),
        config.illumination().applied() ? illumination : illumination.withoutFunctions());
  }

  private static void statistics(Exploration of, Map<String, String> pairs) {
    pairs.put("statistics.regions", regions(of));
    pairs.put("statistics.threshold", of.threshold());
    pairs.put("statistics.thresholds", of.thresholds().toString());
    pairs.put("statistics.pairs", of.pairs().toString());
    pairs.put("composite.channels", of.composite().toString());
    pairs.put("normalization.references", of.references().toString());
    pairs.put("normalization.offset", Double.toString(of.offset()));
    pairs.put("normalization.bins", Integer.toString(of.normalizedBins()));
    pairs.put("normalization.bins-2d", Integer.toString(of.bins2d()));
    pairs.put("density.enabled", Boolean.toString(of.density()));
    pairs.put("density.references", of.densityReferences().toString());
    pairs.put("density.grid", Integer.toString(of.densityGrid()));
  }

  private static String regions(Exploration of) {
    return of.regions().stream()
        .map(r -> r.name() + " " + r.x() + " " + r.y() + " " + r.width() + " " + r.height())
        .toList()
        .toString();
  }

  /** Models of several images are no rows of an image, but their values are. */
  private static void clustering(Clustering of, Map<String, String> pairs) {
    pairs.put("clustering.enabled", Boolean.toString(of.enabled()));
    if (!of.enabled()) {
      return;
    }
    pairs.put("clustering.channels", of.channels().toString());
    pairs.put("clustering.values", of.values());
    pairs.put("clustering.reference", of.reference());
    pairs.put("clustering.pixels", of.pixels());
    if (!of.options().profile().isNone()) {
      pairs.put("clustering.profile.blur", Double.toString(of.options().profile().sigma()));
      pairs.put("clustering.profile.share", Boolean.toString(of.options().profile().share()));
      pairs.put(
          "clustering.profile.percentile", Double.toString(of.options().profile().percentile()));
    }
    if (!of.options().axes().isEmpty()) {
      pairs.put("clustering.axes", of.options().axes().toString());
    }
    if (!of.perImage()) {
      return;
    }
    pairs.put("clustering.scope", of.scope().toString());
    pairs.put("clustering.standardize", Boolean.toString(of.standardize()));
    pairs.put("clustering.k", of.k().toString());
    pairs.put("clustering.methods", of.methods().toString());
    pairs.put("clustering.starts", Integer.toString(of.starts()));
    pairs.put("clustering.seed", Long.toString(of.seed()));
    pairs.put("clustering.max-iterations", Integer.toString(of.maxIterations()));
    pairs.put("clustering.tolerance", Double.toString(of.tolerance()));
    pairs.put("clustering.regularization", Double.toString(of.regularization()));
    pairs.put("clustering.recommend", of.options().recommend().name().toLowerCase(Locale.ROOT));
    pairs.put("clustering.exact-silhouette", Boolean.toString(of.exactSilhouette()));
    pairs.put("clustering.responsibilities", Boolean.toString(of.responsibilities()));
    if (of.methods().contains(ClusterOptions.MINI_BATCH_K_MEANS)) {
      ClusterOptions.MiniBatch own = of.options().miniBatch();
      pairs.put("clustering.mini-batch-k-means.batch", Integer.toString(own.pixels()));
      pairs.put("clustering.mini-batch-k-means.patience", Integer.toString(own.patience()));
      pairs.put("clustering.mini-batch-k-means.reassignment", Double.toString(own.reassignment()));
    }
    if (of.methods().contains(ClusterOptions.BIRCH)) {
      pairs.put("clustering.birch.threshold", Double.toString(of.options().birch().threshold()));
      pairs.put("clustering.birch.branching", Integer.toString(of.options().birch().branching()));
    }
    if (of.methods().contains(ClusterOptions.AFFINITY_PROPAGATION)) {
      AffinityPropagation.Options own = of.options().affinity();
      String key = "clustering.affinity-propagation.";
      pairs.put(key + "damping", Double.toString(own.damping()));
      pairs.put(key + "preference", Double.toString(own.preference()));
      pairs.put(key + "max-iterations", Integer.toString(own.maxIterations()));
      pairs.put(key + "patience", Integer.toString(own.patience()));
    }
    if (of.methods().contains(ClusterOptions.SPECTRAL)) {
      pairs.put("clustering.spectral.width", Double.toString(of.options().spectralWidth()));
    }
    if (of.methods().contains(ClusterOptions.SELF_ORGANIZING_MAP)) {
      pairs.put("clustering.self-organizing-map.side", Integer.toString(of.options().mapSide()));
      pairs.put(
          "clustering.self-organizing-map.epochs", Integer.toString(of.options().mapEpochs()));
    }
    pairs.put("clustering.max-tuples", Integer.toString(of.options().maxTuples()));
    pairs.put("clustering.dbscan.eps", Double.toString(of.options().dbscanEps()));
    pairs.put("clustering.dbscan.min-pixels", Long.toString(of.options().dbscanMinPixels()));
    pairs.put(
        "clustering.mean-shift.bandwidth", Double.toString(of.options().meanShiftBandwidth()));
    pairs.put("clustering.mean-shift.quantile", Double.toString(of.options().meanShiftQuantile()));
    of.options()
        .mergeDistances()
        .forEach(
            (method, distance) -> {
              if (method.equals(ClusterOptions.WARD) || of.methods().contains(method)) {
                pairs.put(
                    "clustering." + method.replace('_', '-') + ".distance",
                    Double.toString(distance));
              }
            });
    pairs.put(
        "clustering.power-iteration.width", Double.toString(of.options().powerIterationWidth()));
    pairs.put(
        "clustering.power-iteration.max-iterations",
        Integer.toString(of.options().powerIterationIterations()));
  }

  /** Of an image by its files and the values of the pattern's groups. */
  public String of(List<ImageFile> files, List<String> groups) {
    StringBuilder text = new StringBuilder(settings);
    String functions = illumination.identity(groups);
    if (!functions.isEmpty()) {
      text.append("illumination=").append(functions).append('\n');
    }
    for (ImageFile file : files) {
      text.append('\n').append(file.path());
      text.append('\n').append(file.length()).append(' ').append(file.modified());
    }
    return digest(text.toString());
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
