package org.cytolake.nuclei;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cytolake.field.ChannelFacts;
import org.cytolake.field.Warning;
import org.cytolake.measure.Shape;

/**
 * What about an image, or what was found in it, is unlike nuclei.
 *
 * <p>The bounds were set with the built-in model on 149 training images of the 2018 Data Science
 * Bowl, the 12 fields of BBBC008 and the sample data: of their nuclei 1 image of 149, none and none
 * are warned of; of the fields' cytoplasm 12 of 12, of the sample data's 3 of 6 (where cells lie
 * apart, they look like nuclei); of inverted images, noise, gradients and blank images all.
 */
public final class NucleiWarning {
  /** Grey levels that a channel of integers has at least between percentiles 1 and 99.8. */
  private static final double LEAST_RANGE = 3;

  /**
   * Distance of percentile 99.8 over that of percentile 1 from the median: 0.01 to 0.07 in inverted
   * images, 1.0 to 2.5 in noise and gradients, 6.8 and above where nuclei shine.
   */
  private static final double MOST_INVERTED = 0.5;

  private static final double LEAST_SKEWED = 3;

  /**
   * Mean above percentile 1 inside nuclei over that outside: 2.8 to 13 (half of the images below
   * 4.5) in cytoplasm, 3.8 to 77 (nine of ten above 8.7) where there are nuclei.
   */
  private static final double LEAST_CONTRAST = 5;

  /**
   * Of the way from the threshold to 1. So little above it are up to 0.10 of the nuclei in 67
   * images of nuclei, and 0.12 to 0.31 of what is found in twelve of cytoplasm.
   */
  private static final double UNCERTAIN = 0.15;

  private static final double MOST_UNCERTAIN = 0.125; // of the nuclei
  private static final int LEAST_UNCERTAIN = 3; // nuclei
  private static final int LEAST_SIZED = 3; // nuclei
  private static final double SMALLEST_PX = 6; // median diameters
  private static final double LARGEST_PX = 70;
  private static final double SMALLEST_UM = 3;
  private static final double LARGEST_UM = 40;
  private static final double MOST_CANDIDATES = 0.8; // of the limit
  private static final double MOST_SATURATED = 0.01; // of the pixels

  private NucleiWarning() {}

  /**
   * What is looked at.
   *
   * @param channel that was segmented
   * @param facts of the channel; null where the network is given several channels: what is unlike
   *     nuclei in one says nothing then
   * @param integers whether its values are whole numbers
   * @param pixels of the plane that are finite
   * @param notFinite others, in all channels that the network is given
   * @param pixelAreaUm2 or NaN
   * @param maxCandidates the limit
   * @param threshold probability of a nucleus, at least
   */
  record Seen(
      String channel,
      ChannelFacts facts,
      boolean integers,
      long pixels,
      long notFinite,
      double pixelAreaUm2,
      int maxCandidates,
      double threshold,
      NucleiFigures nuclei) {

    private double skew() {
      return (facts.high() - facts.median()) / (facts.median() - facts.low());
    }

    private double contrast() {
      long outside = pixels - nuclei.pixels();
      double inside = nuclei.intensity() / nuclei.pixels() - facts.low();
      double rest = (facts.mean() * pixels - nuclei.intensity()) / outside - facts.low();
      return inside / Math.max(0, rest); // a background of one value has rounding errors
    }
  }

  /** Probability below which a nucleus is uncertain. */
  static double uncertainBelow(double threshold) {
    return threshold + UNCERTAIN * (1 - threshold);
  }

  /** All that is to be said; of what one cause explains, the cause only. */
  static List<Warning> of(Seen seen) {
    List<Warning> warnings = new ArrayList<>();
    if (seen.facts != null) {
      image(seen, warnings);
    }
    if (warnings.isEmpty()) {
      nuclei(seen, warnings);
    }
    if (seen.notFinite > 0) {
      warnings.add(
          new Warning(
              "NOT_FINITE",
              text(
                  "%,d pixels of %s are NaN or infinite: the network was given percentile 99.8 in"
                      + " place of infinity, and percentile 1 in place of the others.",
                  seen.notFinite, seen.channel),
              "Look at the nuclei there, and how the image was written."));
    }
    if (seen.nuclei.candidates() >= MOST_CANDIDATES * seen.maxCandidates) {
      warnings.add(
          new Warning(
              "MANY_CANDIDATES",
              text(
                  "There are %,d candidates for nuclei, close to the limit of %,d.",
                  seen.nuclei.candidates(), seen.maxCandidates),
              "Look whether the channel shows nuclei; if it does, raise segmentation.max-candidates"
                  + " or segmentation.prob-threshold."));
    }
    if (seen.facts != null && seen.facts.saturated() >= MOST_SATURATED) {
      warnings.add(
          new Warning(
              "SATURATED",
              text(
                  "%.1f %% of the pixels of %s have the largest value that the pixel type holds.",
                  100 * seen.facts.saturated(), seen.channel),
              "Expose for a shorter time: intensities of bright nuclei are cut off, and touching"
                  + " ones may merge."));
    }
    return warnings;
  }

  private static void image(Seen seen, List<Warning> warnings) {
    ChannelFacts facts = seen.facts;
    String levels =
        text(
            "percentile 1 is %.5g, the median %.5g, percentile 99.8 %.5g",
            facts.low(), facts.median(), facts.high());
    double range = facts.high() - facts.low();
    double scale = Math.max(Math.abs(facts.low()), Math.abs(facts.high()));
    if (seen.integers ? range < LEAST_RANGE : range <= 1e-6 * scale) {
      warnings.add(
          new Warning(
              "BLANK",
              "The channel " + seen.channel + " is nearly constant: " + levels + ".",
              "Nothing can be found there. Check exposure and staining, and that"
                  + " segmentation.channel names the channel of the nuclei."));
    } else if (seen.skew() < MOST_INVERTED) {
      warnings.add(
          new Warning(
              "BRIGHT_BACKGROUND",
              "Most of the channel " + seen.channel + " is bright: " + levels + ".",
              "The network looks for bright nuclei on a dark background. Invert the images, or give"
                  + " segmentation.model a network for such images."));
    } else if (seen.skew() < LEAST_SKEWED) {
      warnings.add(
          new Warning(
              "NO_BRIGHT_OBJECTS",
              "The channel "
                  + seen.channel
                  + " is hardly more bright than dark, as noise or uneven illumination: "
                  + levels
                  + ".",
              "What was found there is doubtful. Check exposure and focus, and that"
                  + " segmentation.channel names the channel of the nuclei."));
    }
  }

  private static void nuclei(Seen seen, List<Warning> warnings) {
    NucleiFigures nuclei = seen.nuclei;
    if (nuclei.count() == 0) {
      return;
    }
    double contrast = seen.facts == null ? Double.POSITIVE_INFINITY : seen.contrast();
    if (contrast < LEAST_CONTRAST) {
      warnings.add(
          new Warning(
              "WEAK_CONTRAST",
              text(
                  "Inside what was found, the channel %s is only %.1f times as bright as outside,"
                      + " above percentile 1.",
                  seen.channel, contrast),
              "Check that segmentation.channel names the channel of the nuclei and not one that"
                  + " stains whole cells."));
    }
    if (nuclei.uncertain() >= LEAST_UNCERTAIN
        && nuclei.uncertain() >= MOST_UNCERTAIN * nuclei.count()) {
      warnings.add(
          new Warning(
              "LOW_PROBABILITY",
              text(
                  "%d of %d nuclei are hardly more probable than the threshold: below %.2f.",
                  nuclei.uncertain(), nuclei.count(), uncertainBelow(seen.threshold)),
              "Look at some of them. Raise segmentation.prob-threshold where they are none, or try"
                  + " another segmentation.channel or segmentation.model."));
    }
    if (nuclei.count() >= LEAST_SIZED) {
      size(Shape.diameter(nuclei.medianArea()), SMALLEST_PX, LARGEST_PX, "pixels", warnings);
      if (warnings.stream().noneMatch(w -> w.code().endsWith("_NUCLEI"))) {
        double um = Shape.diameter(nuclei.medianArea() * seen.pixelAreaUm2);
        size(um, SMALLEST_UM, LARGEST_UM, "µm", warnings);
      }
    }
  }

  private static void size(
      double diameter, double smallest, double largest, String unit, List<Warning> warnings) {
    String seen = text("The median diameter of the nuclei is %.3g %s.", diameter, unit);
    if (diameter < smallest) {
      warnings.add(
          new Warning(
              "SMALL_NUCLEI",
              seen,
              unit.equals("µm")
                  ? "Check the pixel size in the files' metadata; nuclei measure 5 to 30 µm."
                  : "The network finds objects so small badly. Enlarge the images, or take them"
                      + " with a stronger objective."));
    } else if (diameter > largest) {
      warnings.add(
          new Warning(
              "LARGE_NUCLEI",
              seen,
              unit.equals("µm")
                  ? "Check the pixel size in the files' metadata; nuclei measure 5 to 30 µm."
                  : "The network cannot see objects so large at once. Reduce the images' size."));
    }
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
