/**
 * Cells around nuclei without a network: the secondary objects of CellProfiler's
 * IdentifySecondaryObjects, and the thresholds that tell cells from background.
 */
package org.cytolake.secondary;
