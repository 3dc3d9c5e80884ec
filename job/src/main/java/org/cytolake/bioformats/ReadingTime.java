package org.cytolake.bioformats;

import org.apache.hadoop.conf.Configuration;

/**
 * How long the reading of a file may take. It travels with the configuration of the file systems,
 * to wherever files are read.
 */
public final class ReadingTime {
  /** Seconds for a header, and for {@value #SAMPLES} samples. */
  public static final int DEFAULT_SECONDS = 60;

  /** Samples for which there is as much time as for a header. */
  static final int SAMPLES = 1 << 24;

  private static final String KEY = "cytolake.input.file-seconds";

  private ReadingTime() {}

  /** Sets it, and returns the same configuration. */
  public static Configuration set(Configuration hadoop, int seconds) {
    hadoop.setInt(KEY, seconds);
    return hadoop;
  }

  static int seconds(Configuration hadoop) {
    return hadoop.getInt(KEY, DEFAULT_SECONDS);
  }

  /** How many times a header's time some samples may take. */
  static double times(long samples) {
    return 1 + (double) samples / SAMPLES;
  }
}
