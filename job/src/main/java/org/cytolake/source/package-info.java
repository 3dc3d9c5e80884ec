/**
 * The Spark data source {@code microscopy}: any image that Bio-Formats reads as a table of one row
 * per pixel.
 *
 * <p>The chain is source, table, scan builder, scan, partition, columnar reader. Below it lie the
 * catalogue of images ({@link org.cytolake.catalog.ImageCatalog}), which knows files and headers,
 * and the plane reader ({@link org.cytolake.bioformats.PlaneReader}), which decodes pixels.
 */
package org.cytolake.source;
