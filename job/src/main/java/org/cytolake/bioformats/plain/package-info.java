/**
 * Readers of simple formats that Bio-Formats reads wrong: FITS, netpbm, BMP, PNG and JPEG; and
 * whether a file is there to its end.
 */
package org.cytolake.bioformats.plain;
