package org.cytolake.config;

/** A failure that a user can mend; says what is wrong and what to do. */
public final class CytolakeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Whose turn it is. */
  public enum Code {
    /** Wrong usage, configuration or input path: exit code 2. */
    USAGE,
    /** Anything else: exit code 1. */
    FAILED
  }

  private final Code code;
  private final String remedy;

  public CytolakeException(Code code, String message, String remedy) {
    this(code, message, remedy, null);
  }

  public CytolakeException(Code code, String message, String remedy, Throwable cause) {
    super(message + " " + remedy, cause);
    this.code = code;
    this.remedy = remedy;
  }

  /** Whether the user's words or the run failed. */
  public Code code() {
    return code;
  }

  /** What to do. */
  public String remedy() {
    return remedy;
  }
}
