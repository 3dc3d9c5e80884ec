package org.cytolake.bioformats;

import java.io.IOException;
import java.util.List;
import org.cytolake.field.Failure;

/** An image that cannot be read; says which file, why, and what to do. */
public final class ImageReadException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Failure failure;

  public ImageReadException(Failure failure, Throwable cause) {
    super(text(failure), cause);
    this.failure = failure;
  }

  static ImageReadException of(
      String file, String stage, String code, String message, String remedy, Throwable cause) {
    return new ImageReadException(
        new Failure("", List.of(), file, stage, code, message, remedy), cause);
  }

  /** What went wrong. */
  public Failure failure() {
    return failure;
  }

  private static String text(Failure f) {
    return f.message() + " " + f.remedy();
  }
}
