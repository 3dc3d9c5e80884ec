package org.cytolake.nuclei;

import java.util.List;
import org.cytolake.field.ChannelFacts;
import org.cytolake.field.Field;
import org.cytolake.field.Warning;
import org.cytolake.statistics.PlaneStatistics;

/** What segmentation found in a plane, and what is odd about it. */
public record PlaneFindings(NucleiFigures figures, List<Warning> warnings) {
  public PlaneFindings {
    warnings = List.copyOf(warnings);
  }

  /**
   * Of a plane.
   *
   * @param candidates among which the nuclei were selected
   */
  public static PlaneFindings of(
      NucleiSettings settings,
      Field field,
      PlaneStatistics statistics,
      NucleiFigures.Gathered nuclei,
      long candidates) {
    double prob = settings.thresholds().prob();
    NucleiFigures figures = nuclei.figures(field, candidates, NucleiWarning.uncertainBelow(prob));
    boolean known = field.pixelSizeXUm() != null && field.pixelSizeYUm() != null;
    // what is unlike nuclei in one of several channels says nothing
    ChannelFacts facts =
        settings.segmented().size() == 1
            ? statistics.facts(settings.segmented().get(0)).orElseThrow()
            : null;
    return new PlaneFindings(
        figures,
        NucleiWarning.of(
            new NucleiWarning.Seen(
                settings.segmentedChannel(),
                facts,
                !field.pixelType().equals("float") && !field.pixelType().equals("double"),
                facts == null
                    ? field.planePixels()
                    : finite(statistics, settings.segmented().get(0)),
                settings.segmented().stream()
                    .mapToLong(c -> field.planePixels() - finite(statistics, c))
                    .sum(),
                known ? field.pixelSizeXUm() * field.pixelSizeYUm() : Double.NaN,
                settings.maxCandidates(),
                prob,
                figures)));
  }

  private static long finite(PlaneStatistics statistics, int channel) {
    return statistics.finite(channel);
  }
}
