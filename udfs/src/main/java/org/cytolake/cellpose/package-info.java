/**
 * From the flows of a Cellpose network to labelled objects, and from intensities to what the
 * network is given (Stringer, Wang, Michaelos, Pachitariu 2021, "Cellpose: a generalist algorithm
 * for cellular segmentation"), step by step as the Python package {@code cellpose} 3.1.1.3 does it
 * on the processor.
 */
package org.cytolake.cellpose;
