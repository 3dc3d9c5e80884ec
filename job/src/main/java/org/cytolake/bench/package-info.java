/** The figures of deploy/docs/comparison.md, measured side by side in one run. */
package org.cytolake.bench;
