/** Deflate: of label images, by their runs; and of whole streams, back. */
package org.cytolake.bioformats.deflate;
