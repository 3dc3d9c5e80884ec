package org.cytolake.catalog;

/** What is a row of the data source. */
public enum RowSize {
  /** A pixel, with its sample in each channel. */
  PIXELS,
  /** A tile of a plane, with all its samples of each channel as bytes. */
  TILES,
  /** A whole plane, likewise. */
  IMAGES
}
