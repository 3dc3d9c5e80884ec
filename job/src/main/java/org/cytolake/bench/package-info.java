/** The figures of the README, measured side by side in one run. */
package org.cytolake.bench;
