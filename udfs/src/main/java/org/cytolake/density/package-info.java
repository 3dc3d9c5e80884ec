/** Smooth densities of the intensities of two channels, from their joint histogram. */
package org.cytolake.density;
