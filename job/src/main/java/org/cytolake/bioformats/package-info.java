/** From files to headers and samples, and from samples to files: Bio-Formats. */
package org.cytolake.bioformats;
