package org.cytolake.image;

/**
 * An image has more of something than the computation, or a setting, allows: no fault of the
 * program. The message is a clause that says what and how much, without a full stop.
 */
public final class LimitException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String remedy;

  /**
   * An image beyond a limit.
   *
   * @param message a clause: what is too much
   * @param remedy a sentence: what to do
   */
  public LimitException(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  /** What to do. */
  public String remedy() {
    return remedy;
  }
}
