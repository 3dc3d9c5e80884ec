package org.cytolake.field;

/**
 * Intensities of a channel of a field.
 *
 * @param low percentile 1; {@code high}: 99.8
 * @param saturated share of the pixels at the pixel type's largest value; 0 for floating point and
 *     where nothing was explored
 */
public record ChannelFacts(double low, double median, double high, double mean, double saturated) {}
