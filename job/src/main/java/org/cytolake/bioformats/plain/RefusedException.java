package org.cytolake.bioformats.plain;

import loci.formats.FormatException;

/** Says that a file cannot be read rightly: of which kind the fault is, and what to do. */
public final class RefusedException extends FormatException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String remedy;

  private RefusedException(String code, String message, String remedy) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }

  /** A good file of a kind that is not read. */
  public static RefusedException unsupported(String what) {
    return new RefusedException(
        "UNSUPPORTED_IMAGE",
        what,
        "The file is not damaged: save the image in another way, for example as TIFF with LZW or"
            + " Deflate and 8- or 16-bit integers, or keep it out of the input.");
  }

  /** The same where something else helps. */
  public static RefusedException unsupported(String what, String remedy) {
    return new RefusedException("UNSUPPORTED_IMAGE", what, remedy);
  }

  /** A file that ends before what it declares. */
  public static RefusedException truncated(String what) {
    return new RefusedException("TRUNCATED_FILE", what, "Copy it again from the microscope.");
  }

  /** An image some planes of which are nowhere. */
  public static RefusedException incomplete(String what) {
    return new RefusedException(
        "INCOMPLETE_IMAGE",
        what,
        "Copy all files of the image into one folder under their original names; an acquisition"
            + " that was stopped must be exported again.");
  }

  /** A file whose parts contradict each other. */
  public static RefusedException damaged(String what) {
    return new RefusedException(
        "DAMAGED_FILE", what, "Copy it again, or keep it out of the input.");
  }

  /** The same where something else helps. */
  public static RefusedException damaged(String what, String remedy) {
    return new RefusedException("DAMAGED_FILE", what, remedy);
  }

  /** The kind, as in the table {@code errors}. */
  public String code() {
    return code;
  }

  /** What to do. */
  public String remedy() {
    return remedy;
  }

  /** Whether a reader of Bio-Formats says that the file is of a kind that it does not read. */
  public static boolean isUnsupported(Throwable e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(java.util.Locale.ROOT);
    return e instanceof FormatException
        && (message.contains("unsupported")
            || message.contains("not supported")
            || message.startsWith("invalid pixel type"));
  }
}
