/** Finds nuclei: StarDist networks in ONNX Runtime, one session for each model and JVM. */
package org.cytolake.segment;
