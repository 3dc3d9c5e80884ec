package org.cytolake.clusters;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.config.Exploration;
import org.cytolake.image.Region;
import org.cytolake.intensity.PixelProfile;

/**
 * Which pixels are clustered, and by what.
 *
 * @param channels names of the clustering channels
 * @param places indices of those among all channels
 * @param values what they are clustered by
 * @param profile what is made of the intensities before
 * @param reference the channel that normalised values refer to
 * @param chosen which pixels
 * @param regionOrNull see {@link #region}; serialisation takes no Optional
 */
public record ClusteredBy(
    List<String> channels,
    List<Integer> places,
    Values values,
    PixelProfile profile,
    String reference,
    Chosen chosen,
    Region regionOrNull)
    implements Serializable {

  /** What pixels are clustered by, as {@code clustering.values} says. */
  public enum Values {
    /** The composite's normalised intensities. */
    NORMALIZED,
    /** The composite's equalised intensities. */
    EQUALIZED,
    /** Intensities. */
    RAW,
    /** The natural logarithm of the intensity plus 1. */
    LOG
  }

  /** Which pixels are clustered, as {@code clustering.pixels} says. */
  public enum Chosen {
    /** Those above 0 in every channel. */
    POSITIVE,
    /** Those above the stain threshold in some channel. */
    STAINED,
    /** All. */
    ALL
  }

  public ClusteredBy {
    channels = List.copyOf(channels);
    places = List.copyOf(places);
  }

  /**
   * As the settings say.
   *
   * @param exploration with channels named
   * @param all names of all channels
   */
  public static ClusteredBy of(Clustering settings, Exploration exploration, List<String> all) {
    List<String> channels = settings.channelsOf(all, exploration);
    Optional<Region> region =
        exploration.regions().stream().filter(r -> r.name().equals(settings.pixels())).findFirst();
    return new ClusteredBy(
        channels,
        channels.stream().map(all::indexOf).toList(),
        Values.valueOf(settings.values().toUpperCase(java.util.Locale.ROOT)),
        settings.options().profile(),
        settings.referenceOf(exploration),
        switch (settings.pixels()) {
          case "positive" -> Chosen.POSITIVE;
          case "stained" -> Chosen.STAINED;
          default -> Chosen.ALL;
        },
        region.orElse(null));
  }

  /** In which pixels are clustered; empty for all. */
  public Optional<Region> region() {
    return Optional.ofNullable(regionOrNull);
  }

  /** What the values are, in words. */
  public String fittedTo() {
    return values == Values.NORMALIZED
        ? "normalized to " + reference
        : values.name().toLowerCase(java.util.Locale.ROOT) + profile;
  }

  /** The name of the region that the pixels are taken from. */
  String regionName() {
    return region().map(Region::name).orElse(Region.WHOLE);
  }
}
