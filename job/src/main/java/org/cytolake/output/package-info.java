/** The output folder on its file system: files that are there whole or not at all, and the lock. */
package org.cytolake.output;
