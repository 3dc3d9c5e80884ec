package org.cytolake.cells;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.cytolake.config.CellOptions;
import org.cytolake.config.CellOptions.Border;
import org.cytolake.nuclei.NucleiSettings;
import org.cytolake.secondary.CellMethod;
import org.cytolake.secondary.CellThreshold;
import org.cytolake.secondary.Foreground;
import org.cytolake.secondary.SecondaryObjects;
import org.cytolake.secondary.ThresholdRule;
import org.cytolake.secondary.ThresholdRule.Background;

/**
 * How cells are found.
 *
 * @param channel index of the channel that shows them
 * @param objects how they grow
 * @param threshold from which on a pixel can be part of one
 * @param smoothing before pixels are compared with it, pixels; 0: none
 * @param border what becomes of those at the border
 * @param method name, as in the configuration
 * @param networkOrNull see {@link #network}; serialisation takes no Optional
 */
public record CellSettings(
    int channel,
    SecondaryObjects objects,
    CellThreshold threshold,
    double smoothing,
    Border border,
    String method,
    NucleiSettings networkOrNull)
    implements Serializable {
  /**
   * As configured.
   *
   * @param channels names of the images' channels
   * @param nuclei those in which nuclei are found
   * @throws org.cytolake.config.CytolakeException (USAGE) where the channel is not there
   */
  public static CellSettings of(CellOptions options, List<String> channels, List<String> nuclei) {
    return new CellSettings(
        channels.indexOf(options.channelOf(channels, nuclei)),
        new SecondaryObjects(method(options), options.fillHoles()),
        new CellThreshold(
            rule(options),
            options.log(),
            options.correction(),
            options.least().orElse(Double.NEGATIVE_INFINITY),
            options.most().orElse(Double.POSITIVE_INFINITY)),
        options.smoothing(),
        options.border(),
        options.method().name().toLowerCase(Locale.ROOT),
        null);
  }

  /** The same by a network, with which nothing grows. */
  public CellSettings with(NucleiSettings network) {
    return new CellSettings(channel, objects, threshold, smoothing, border, method, network);
  }

  /** How a network finds them; empty where they grow from their nuclei. */
  public Optional<NucleiSettings> network() {
    return Optional.ofNullable(networkOrNull);
  }

  private static CellMethod method(CellOptions options) {
    return switch (options.method()) {
      case PROPAGATION -> new CellMethod.Propagate(options.regularization(), options.maxDistance());
      case WATERSHED_IMAGE -> new CellMethod.Flood(false);
      case WATERSHED_GRADIENT -> new CellMethod.Flood(true);
      case DISTANCE -> new CellMethod.Distance(options.distance());
      case DISTANCE_THRESHOLD -> new CellMethod.DistanceThreshold(options.distance());
    };
  }

  private static ThresholdRule rule(CellOptions options) {
    return switch (options.threshold()) {
      case OTSU -> new ThresholdRule.TwoClasses();
      case OTSU_THREE_LOW -> new ThresholdRule.ThreeClasses(true);
      case OTSU_THREE_HIGH -> new ThresholdRule.ThreeClasses(false);
      case MINIMUM_CROSS_ENTROPY -> new ThresholdRule.CrossEntropy();
      case ROBUST_BACKGROUND -> background(options.background());
      case VALUE -> new ThresholdRule.Value(options.number());
      case PERCENTILE -> new ThresholdRule.Percent(options.number());
    };
  }

  private static Background background(CellOptions.Background of) {
    return new Background(
        of.lower(),
        of.upper(),
        Background.Average.valueOf(of.average().toUpperCase(Locale.ROOT)),
        Background.Deviation.valueOf(of.deviation().toUpperCase(Locale.ROOT)),
        of.deviations());
  }

  /** All that the rows of {@code cells} depend on, by name; nothing where they are off. */
  public static Map<String, String> fingerprint(CellOptions options) {
    Map<String, String> pairs = new TreeMap<>();
    pairs.put("cells.enabled", options.enabled().map(Object::toString).orElse("auto"));
    if (!options.enabled().orElse(true)) {
      return pairs;
    }
    pairs.put("cells.channel", options.channel());
    pairs.put("cells.method", options.method().name().toLowerCase(Locale.ROOT));
    pairs.put("cells.regularization", Double.toString(options.regularization()));
    pairs.put("cells.distance", Integer.toString(options.distance()));
    pairs.put("cells.max-distance", Integer.toString(options.maxDistance()));
    pairs.put("cells.threshold", options.threshold().name().toLowerCase(Locale.ROOT));
    pairs.put("cells.threshold-number", Double.toString(options.number()));
    pairs.put("cells.threshold-log", Boolean.toString(options.log()));
    pairs.put("cells.threshold-correction", Double.toString(options.correction()));
    pairs.put("cells.threshold-min", bound(options.least()));
    pairs.put("cells.threshold-max", bound(options.most()));
    pairs.put("cells.threshold-smoothing", Double.toString(options.smoothing()));
    pairs.put("cells.background.lower", Double.toString(options.background().lower()));
    pairs.put("cells.background.upper", Double.toString(options.background().upper()));
    pairs.put("cells.background.average", options.background().average());
    pairs.put("cells.background.deviation", options.background().deviation());
    pairs.put("cells.background.deviations", Double.toString(options.background().deviations()));
    pairs.put("cells.fill-holes", Boolean.toString(options.fillHoles()));
    pairs.put("cells.border", options.border().name().toLowerCase(Locale.ROOT));
    return pairs;
  }

  private static String bound(OptionalDouble of) {
    return of.isPresent() ? Double.toString(of.getAsDouble()) : "none";
  }

  /**
   * Pixels around a nucleus on which its cell depends; empty where there is no bound.
   *
   * @return twice as far as a cell reaches: what lies at its end may belong to a neighbour
   */
  OptionalInt margin() {
    OptionalInt reach = objects.method().reach();
    return reach.isEmpty()
        ? reach
        : OptionalInt.of(2 * reach.getAsInt() + Foreground.radius(smoothing) + 2);
  }
}
