package org.cytolake.planes;

import java.util.Arrays;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.image.LimitException;

/** A plane could be read but not analysed; it costs the image. */
final class PlaneFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Failure failure;

  private PlaneFailedException(Failure failure, Throwable cause) {
    super(failure.message(), cause);
    this.failure = failure;
  }

  /** Nuclei could not be found. */
  static PlaneFailedException segmentation(Field field, RuntimeException cause) {
    return of(
        field,
        "segment",
        "SEGMENTATION_FAILED",
        "The image " + field.image() + " cannot be segmented: ",
        cause);
  }

  /** Statistics or clusters could not be computed. */
  static PlaneFailedException statistics(Field field, RuntimeException cause) {
    return of(
        field,
        "statistics",
        "STATISTICS_FAILED",
        "The statistics of the image " + field.image() + " cannot be computed: ",
        cause);
  }

  /** There is not enough memory for it. */
  static PlaneFailedException memory(Field field, OutOfMemoryError cause) {
    return of(
        field,
        "statistics",
        "OUT_OF_MEMORY",
        "The image "
            + field.image()
            + " of "
            + field.sizeX()
            + " x "
            + field.sizeY()
            + " pixels takes more memory than there is ("
            + (Runtime.getRuntime().maxMemory() >> 20)
            + " MiB for all tasks of a process).",
        "Give the job more memory (CYTOLAKE_MEMORY, spark.driver.memory, spark.executor.memory), or"
            + " fewer cores a process.",
        cause);
  }

  private static PlaneFailedException of(
      Field field, String stage, String code, String what, RuntimeException cause) {
    return cause instanceof LimitException limit
        ? of(field, stage, code, what + limit.getMessage() + ".", limit.remedy(), cause)
        : of(
            field,
            stage,
            "PROGRAM_FAULT",
            what + "a fault of the program, " + cause + place(cause) + ".",
            "Report this with the image and the log, which has more; until it is mended keep the"
                + " image out of the input.",
            cause);
  }

  /** Where in this program it happened. */
  private static String place(Throwable cause) {
    return Arrays.stream(cause.getStackTrace())
        .filter(element -> element.getClassName().startsWith("org.cytolake."))
        .findFirst()
        .map(element -> " at " + element)
        .orElse("");
  }

  private static PlaneFailedException of(
      Field field, String stage, String code, String message, String remedy, Throwable cause) {
    return new PlaneFailedException(
        new Failure(
            field.image(),
            field.groups(),
            field.files().get(0).path(),
            stage,
            code,
            message,
            remedy),
        cause);
  }

  Failure failure() {
    return failure;
  }
}
