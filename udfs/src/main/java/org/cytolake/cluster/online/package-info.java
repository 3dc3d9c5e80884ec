/** Clusters by methods that see pixels in turn, one by one or batch by batch. */
package org.cytolake.cluster.online;
