package org.cytolake.bioformats.zarr;

import org.cytolake.bioformats.plain.RefusedException;

/** Why a Zarr hierarchy is no image, or not read, with what to do. */
final class ZarrRefusals {
  private ZarrRefusals() {}

  /** A good array of a kind that is not read. */
  static RefusedException unsupported(String what) {
    return RefusedException.unsupported(
        what,
        "The image is not damaged: write it again in another way, for example with zarr-python as"
            + " Zarr 3 with 16-bit integers and the codec zstd, or keep it out of the input.");
  }

  /** Metadata that says nothing, or what cannot be. */
  static RefusedException metadata(String what) {
    return RefusedException.damaged(
        what,
        "Copy the whole folder again, files whose names begin with a dot included, or keep it out"
            + " of the input; 'ome-zarr info' says what other readers make of it.");
  }
}
