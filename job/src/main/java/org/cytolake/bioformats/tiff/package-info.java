/** TIFF's pixels, decoded here: the same values as libtiff and tifffile, or a refusal. */
package org.cytolake.bioformats.tiff;
