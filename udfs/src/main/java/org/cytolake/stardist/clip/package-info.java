/**
 * The intersection of two polygons with integer vertices, corner by corner as the Clipper library
 * (A. Johnson, version 6.4.2) computes it by the plane sweep of B. R. Vatti 1992, "A generic
 * solution to polygon clipping", CACM 35(7). Rows grow downwards; the sweep goes upwards, from
 * large rows to small ones, from beam to beam: between two beams no edge starts or ends.
 */
package org.cytolake.stardist.clip;
