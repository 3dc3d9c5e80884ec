/** OME-Zarr: arrays of Zarr 2 and 3 in chunks, and what OME's metadata says of them. */
package org.cytolake.bioformats.zarr;
