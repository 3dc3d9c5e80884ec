/** Pictures of planes for the report: composites, channels, maps of clusters, example cells. */
package org.cytolake.picture;
