package org.cytolake.planes;

import org.cytolake.field.Failure;
import org.cytolake.field.Field;

/** A plane could be read but not analysed; it costs the image. */
final class PlaneFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Failure failure;

  private PlaneFailedException(Failure failure, Exception cause) {
    super(failure.message(), cause);
    this.failure = failure;
  }

  /** Nuclei could not be found. */
  static PlaneFailedException segmentation(Field field, Exception cause) {
    return of(
        field,
        "segment",
        "SEGMENTATION_FAILED",
        "The image " + field.image() + " cannot be segmented: " + reason(cause) + ".",
        "Raise the limit that is named, or keep the image out of the input.",
        cause);
  }

  /** Statistics or clusters could not be computed. */
  static PlaneFailedException statistics(Field field, Exception cause) {
    return of(
        field,
        "statistics",
        "STATISTICS_FAILED",
        "The statistics of the image " + field.image() + " cannot be computed: " + cause + ".",
        "Keep the image out of the input, and report this with the image.",
        cause);
  }

  /** What is wrong; the exception's class where it does not say. */
  private static String reason(Exception cause) {
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private static PlaneFailedException of(
      Field field, String stage, String code, String message, String remedy, Exception cause) {
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
