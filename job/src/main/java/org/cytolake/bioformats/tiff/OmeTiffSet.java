package org.cytolake.bioformats.tiff;

import loci.formats.in.OMETiffReader;

/** Reads an image that lies in several OME-TIFF files; else a file is read by itself. */
public final class OmeTiffSet extends OMETiffReader {
  /** Opens sets by {@link #setId} of one of the files, or of the companion. */
  public OmeTiffSet() {
    group = true;
  }

  @Override
  public boolean isGroupFiles() {
    return true;
  }

  @Override
  public void setGroupFiles(boolean grouped) {
    // always
  }
}
