package org.cytolake.bioformats.zarr;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.ParserConfigurationException;
import org.cytolake.bioformats.plain.RefusedException;
import org.cytolake.xml.ClosedSaxParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** The images of an OME-XML document: what {@code OME/METADATA.ome.xml} of bioformats2raw holds. */
final class OmeXmlImages extends DefaultHandler {
  private static final int MOST = 1 << 18;

  private final List<Image> images = new ArrayList<>();
  private List<String> channels = new ArrayList<>();

  private OmeXmlImages() {}

  /**
   * An image.
   *
   * @param channels names, empty where one has none
   */
  record Image(List<String> channels) {
    Image {
      channels = List.copyOf(channels);
    }
  }

  /** The images in order. */
  static List<Image> of(byte[] xml) throws IOException, RefusedException {
    OmeXmlImages handler = new OmeXmlImages();
    try {
      ClosedSaxParserFactory factory = new ClosedSaxParserFactory();
      factory.setNamespaceAware(true);
      factory.newSAXParser().parse(new ByteArrayInputStream(xml), handler);
    } catch (SAXException e) {
      throw ZarrRefusals.metadata("its OME/METADATA.ome.xml is no OME-XML: " + e.getMessage());
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e); // the JDK's parser has what is asked of it
    }
    return handler.images;
  }

  @Override
  public void startElement(String uri, String name, String qualified, Attributes attributes) {
    if (name.equals("Image")) {
      channels = new ArrayList<>();
    } else if (name.equals("Channel") && channels.size() < MOST) {
      String channel = attributes.getValue("Name");
      channels.add(channel == null ? "" : channel);
    }
  }

  @Override
  public void endElement(String uri, String name, String qualified) {
    if (name.equals("Image") && images.size() < MOST) {
      images.add(new Image(channels));
    }
  }
}
