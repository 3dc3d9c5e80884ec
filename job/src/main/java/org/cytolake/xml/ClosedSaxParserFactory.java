package org.cytolake.xml;

import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.validation.Schema;
import org.xml.sax.SAXException;
import org.xml.sax.SAXNotRecognizedException;
import org.xml.sax.SAXNotSupportedException;

/** The JDK's SAX parsers, closed; found by JAXP under {@link ClosedParsers}. */
public final class ClosedSaxParserFactory extends SAXParserFactory {
  private final SAXParserFactory jdk = SAXParserFactory.newDefaultInstance();

  /** For JAXP. */
  public ClosedSaxParserFactory() {}

  @Override
  public SAXParser newSAXParser() throws ParserConfigurationException, SAXException {
    jdk.setNamespaceAware(isNamespaceAware());
    jdk.setValidating(false);
    jdk.setFeature(ClosedParsers.NO_DOCTYPE, true);
    return jdk.newSAXParser();
  }

  @Override
  public void setFeature(String name, boolean value)
      throws ParserConfigurationException, SAXNotRecognizedException, SAXNotSupportedException {
    jdk.setFeature(name, value);
  }

  @Override
  public boolean getFeature(String name)
      throws ParserConfigurationException, SAXNotRecognizedException, SAXNotSupportedException {
    return jdk.getFeature(name);
  }

  @Override
  public Schema getSchema() {
    return jdk.getSchema();
  }

  @Override
  public void setSchema(Schema schema) {
    jdk.setSchema(schema);
  }

  @Override
  public boolean isXIncludeAware() {
    return false;
  }

  /** Including would read other documents: it stays off. */
  @Override
  public void setXIncludeAware(boolean state) {}
}
