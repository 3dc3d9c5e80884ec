/** ONNX Runtime: StarDist networks, one session for each model and JVM. */
package org.cytolake.network;
