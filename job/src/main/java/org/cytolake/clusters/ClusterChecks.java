package org.cytolake.clusters;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.Exploration;
import org.cytolake.field.Field;
import org.cytolake.tables.Layout;

/** Whether the settings of the clustering fit the images. */
public final class ClusterChecks {
  private ClusterChecks() {}

  /**
   * Checks what depends on the images.
   *
   * @throws CytolakeException (USAGE) where the settings name what is not there
   */
  public static void require(Clustering settings, Layout layout, Exploration exploration) {
    List<String> channels = settings.channelsOf(layout.channelNames(), exploration);
    settings.options().axesOf(channels);
    if (!settings.perImage()
        && !settings.ofDataset()
        && !layout.groups().containsAll(settings.scope())) {
      throw new CytolakeException(
          Code.USAGE,
          "clustering.scope is " + settings.scope() + ".",
          "Write image, dataset, or some of the pattern's groups: "
              + String.join(", ", layout.groups())
              + ".");
    }
    boolean ofComposite =
        settings.values().equals("normalized") || settings.values().equals("equalized");
    if (ofComposite && !exploration.composite().containsAll(channels)) {
      throw new CytolakeException(
          Code.USAGE,
          "clustering.values is "
              + settings.values()
              + ", but the channels "
              + String.join(", ", channels)
              + " are not all in the composite.",
          "Name them in composite.channels, or set clustering.values = raw.");
    }
    if (!settings.options().profile().isNone()
        && (ofComposite || settings.pixels().equals("stained"))) {
      throw new CytolakeException(
          Code.USAGE,
          "clustering.profile is set, but clustering.values is "
              + settings.values()
              + " and clustering.pixels is "
              + settings.pixels()
              + ".",
          "Set clustering.values to raw or log, and clustering.pixels to other than stained: a"
              + " profile has intensities of its own.");
    }
    if (!settings.reference().isEmpty()
        && !exploration.references().contains(settings.reference())) {
      throw new CytolakeException(
          Code.USAGE,
          "clustering.reference is '" + settings.reference() + "'.",
          "Name one of normalization.references: "
              + String.join(", ", exploration.references())
              + ".");
    }
    if (!List.of("positive", "stained", "none").contains(settings.pixels())
        && exploration.regions().stream().noneMatch(r -> r.name().equals(settings.pixels()))) {
      throw new CytolakeException(
          Code.USAGE,
          "clustering.pixels is '" + settings.pixels() + "'.",
          "Write positive, stained, none, or the name of one of statistics.regions.");
    }
  }

  /**
   * Checks the models of an earlier run against the images of this one.
   *
   * @throws CytolakeException (USAGE) where they cannot label them
   */
  public static void requireModel(
      SparkSession spark,
      Clustering settings,
      Layout layout,
      Exploration exploration,
      List<Field> fields) {
    if (settings.model().isEmpty() || fields.isEmpty()) {
      return;
    }
    List<String> channels = settings.channelsOf(layout.channelNames(), exploration);
    StoredModels stored =
        StoredModels.of(
            spark,
            settings,
            channels,
            ClusteredBy.of(settings, exploration, layout.channelNames()).fittedTo());
    if (settings.values().equals("raw") || settings.values().equals("log")) {
      StoredModels.requirePixelTypes(
          spark, settings, fields.stream().map(Field::pixelType).collect(Collectors.toSet()));
    }
    for (Field field : fields) {
      List<String> group =
          stored.groups().stream()
              .map(g -> field.groups().get(layout.groups().indexOf(g)))
              .toList();
      if (!stored.known().contains(group)) {
        throw new CytolakeException(
            Code.USAGE,
            "clustering.model is "
                + settings.model()
                + ", which holds no model of "
                + String.join(", ", group)
                + " for the image "
                + field.image()
                + ".",
            "Leave those images out, or take models of scope dataset.");
      }
    }
  }
}
