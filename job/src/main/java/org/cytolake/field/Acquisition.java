package org.cytolake.field;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a plane of one channel was taken, as far as its file says.
 *
 * @param stageXUm where the stage was, micrometres; likewise the others
 * @param acquired when the plane was taken, or its image where only that is said
 * @param exposureMs milliseconds
 * @param excitationNm wavelength of the light that excites the channel's stain, nanometres
 * @param emissionNm wavelength of the light that it gives
 */
public record Acquisition(
    OptionalDouble stageXUm,
    OptionalDouble stageYUm,
    OptionalDouble stageZUm,
    Optional<Instant> acquired,
    OptionalDouble exposureMs,
    OptionalDouble excitationNm,
    OptionalDouble emissionNm) {
  public static final Acquisition UNKNOWN =
      new Acquisition(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          Optional.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty());
}
