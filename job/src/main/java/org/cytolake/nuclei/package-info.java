/** From planes to nuclei: tiles, suppression across tiles, measures, warnings. */
package org.cytolake.nuclei;
