/** Clusters by how similar every two tuples are: time and memory grow with their square. */
package org.cytolake.cluster.similarity;
