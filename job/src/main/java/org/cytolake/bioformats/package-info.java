/** Files to samples and samples to files, by Bio-Formats and for it. */
package org.cytolake.bioformats;
