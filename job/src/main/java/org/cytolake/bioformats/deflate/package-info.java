/** Deflate of label images: by their runs. */
package org.cytolake.bioformats.deflate;
