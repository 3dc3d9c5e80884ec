package org.cytolake.planes;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;

/** How long the steps of pass 2 took, added up over planes. Not thread-safe. */
public final class StepTimes implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A step; the order is that of the run. */
  public enum Step {
    /** Decoding. */
    PIXELS,
    /** Counting, statistics, transforms and densities. */
    STATISTICS,
    /** Measures of the image's quality. */
    QUALITY,
    /** Sums for illumination functions. */
    ILLUMINATION,
    /** Network, suppression and measures. */
    NUCLEI,
    /** Models of the pixels of single images. */
    CLUSTERS,
    /** Label images and outlines. */
    LABELS,
    /** Pictures and pages. */
    REPORT,
    /** Rows. */
    TABLES
  }

  private final Map<Step, Double> seconds = new EnumMap<>(Step.class);
  private transient long since = System.nanoTime();

  /** Begins to count. */
  public void begin() {
    since = System.nanoTime();
  }

  /** A step has ended; the next begins. */
  public void ended(Step step) {
    long now = System.nanoTime();
    seconds.merge(step, (now - since) / 1e9, Double::sum);
    since = now;
  }

  /** Adds those of another. */
  public void add(StepTimes other) {
    other.seconds.forEach((step, s) -> seconds.merge(step, s, Double::sum));
  }

  /** Seconds of a step. */
  public double of(Step step) {
    return seconds.getOrDefault(step, 0.0);
  }

  /** Seconds of all steps. */
  public double total() {
    return seconds.values().stream().mapToDouble(s -> s).sum();
  }
}
