/** The command line: what a user types, sees, and gets as exit code. */
package org.cytolake.cli;
