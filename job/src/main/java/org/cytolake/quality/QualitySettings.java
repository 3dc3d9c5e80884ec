package org.cytolake.quality;

import java.io.Serializable;
import java.util.List;
import org.cytolake.config.QualityOptions;
import org.cytolake.statistics.StatisticsSettings;

/**
 * How the quality of every plane is measured.
 *
 * @param statistics what the planes' counts are of
 * @param scales side of cells and distance of pixels, pixels
 */
public record QualitySettings(StatisticsSettings statistics, List<Integer> scales)
    implements Serializable {
  public QualitySettings {
    scales = List.copyOf(scales);
  }

  /** As the configuration says. */
  public static QualitySettings of(QualityOptions options, StatisticsSettings statistics) {
    return new QualitySettings(statistics, options.scales());
  }
}
