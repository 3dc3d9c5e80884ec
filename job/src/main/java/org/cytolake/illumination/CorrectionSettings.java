package org.cytolake.illumination;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.IlluminationOptions;
import org.cytolake.shading.Correction;

/**
 * How uneven light is taken out of planes.
 *
 * @param files where the functions are
 * @param channels names of the images' channels
 */
public record CorrectionSettings(
    Correction correction, FunctionFiles files, IlluminationGroups groups, List<String> channels)
    implements Serializable {
  public CorrectionSettings {
    channels = List.copyOf(channels);
  }

  /**
   * As the configuration says; empty where nothing is corrected.
   *
   * @param channels names of the images' channels
   * @param scratch folder of a run that may have made functions
   */
  public static Optional<CorrectionSettings> of(
      CytolakeConfig config, IlluminationGroups groups, List<String> channels, String scratch) {
    IlluminationOptions options = config.illumination();
    if (!options.applied()) {
      return Optional.empty();
    }
    return Optional.of(
        new CorrectionSettings(
            options.apply().correction(),
            options.made()
                ? FunctionFiles.made(scratch, config.output().path(), config.output().labelFormat())
                : FunctionFiles.named(options.from()),
            groups,
            channels));
  }

  /** For one task. */
  public IlluminationCorrection ofTask(Configuration hadoop) {
    return new IlluminationCorrection(this, hadoop);
  }
}
