package org.cytolake.nuclei;

import java.io.Serializable;

/**
 * Between which intensities of a plane's channel the network sees its range.
 *
 * @param low percentile 1 of the whole plane
 * @param high percentile 99.8
 */
public record Percentiles(double low, double high) implements Serializable {}
