/**
 * Intensity distributions as values: exact histograms of one or several channels, their moments,
 * percentiles, bins and thresholds. Everything here merges: the histogram of two regions is the sum
 * of their histograms, so one computation serves a tile, an image, a well or a plate.
 */
package org.cytolake.histogram;
