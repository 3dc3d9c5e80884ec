/** What a run has to do: which images, for what reason, and in which batches. */
package org.cytolake.plan;
