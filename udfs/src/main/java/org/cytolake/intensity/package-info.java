/**
 * New intensities for old ones: equalisation, normalisation to a reference channel and to
 * percentiles, each a look-up table over the raw values, and what is drawn from them. Nothing here
 * sees pixels; a table is made from histograms and applied to histograms.
 */
package org.cytolake.intensity;
