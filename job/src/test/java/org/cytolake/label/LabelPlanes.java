package org.cytolake.label;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import loci.common.services.ServiceFactory;
import loci.formats.in.OMETiffReader;
import loci.formats.meta.IMetadata;
import loci.formats.services.OMEXMLService;

/** Planes of a label image, the channels' names before them, as Bio-Formats reads them. */
record LabelPlanes(List<String> names, String type, Double pixelSize, List<int[]> planes) {
  static LabelPlanes read(Path file) throws Exception {
    try (OMETiffReader reader = new OMETiffReader()) {
      IMetadata metadata =
          new ServiceFactory().getInstance(OMEXMLService.class).createOMEXMLMetadata();
      reader.setMetadataStore(metadata);
      reader.setId(file.toString());
      List<String> names = new ArrayList<>();
      for (int c = 0; c < reader.getSizeC(); c++) {
        names.add(metadata.getChannelName(0, c));
      }
      List<int[]> planes = new ArrayList<>();
      int bytes = reader.getBitsPerPixel() / 8;
      for (int p = 0; p < reader.getImageCount(); p++) {
        ByteBuffer buffer = ByteBuffer.wrap(reader.openBytes(p));
        buffer.order(reader.isLittleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int[] plane = new int[reader.getSizeX() * reader.getSizeY()];
        for (int i = 0; i < plane.length; i++) {
          plane[i] = bytes == 2 ? buffer.getShort() & 0xffff : buffer.getInt();
        }
        planes.add(plane);
      }
      return new LabelPlanes(
          names,
          metadata.getPixelsType(0).getValue(),
          metadata.getPixelsPhysicalSizeX(0) == null
              ? null
              : metadata.getPixelsPhysicalSizeX(0).value().doubleValue(),
          planes);
    }
  }
}
