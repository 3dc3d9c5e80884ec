/** ONNX Runtime: StarDist and Cellpose networks, one session for each model and JVM. */
package org.cytolake.network;
