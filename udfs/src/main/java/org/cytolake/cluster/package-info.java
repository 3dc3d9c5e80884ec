/**
 * Clusters of pixels by their intensities. Everything works on distinct tuples of intensities that
 * carry the number of pixels that have them, and gives what the same method gives on the pixels one
 * by one. Deterministic: the same points, options and seed give the same bits on every machine.
 */
package org.cytolake.cluster;
