/** How strongly the intensities of two channels go together, from their joint histogram. */
package org.cytolake.colocalization;
