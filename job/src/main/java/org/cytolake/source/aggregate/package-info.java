/** The readers of aggregates: of groups within tiles, which Spark merges, and of whole planes. */
package org.cytolake.source.aggregate;
