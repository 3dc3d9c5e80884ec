package org.cytolake.xml;

import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.validation.Schema;

/** The JDK's DOM parsers, closed; found by JAXP under {@link ClosedParsers}. */
public final class ClosedDocumentBuilderFactory extends DocumentBuilderFactory {
  private final DocumentBuilderFactory jdk = DocumentBuilderFactory.newDefaultInstance();

  /** For JAXP. */
  public ClosedDocumentBuilderFactory() {}

  @Override
  public DocumentBuilder newDocumentBuilder() throws ParserConfigurationException {
    jdk.setNamespaceAware(isNamespaceAware());
    jdk.setValidating(false);
    jdk.setIgnoringElementContentWhitespace(isIgnoringElementContentWhitespace());
    jdk.setExpandEntityReferences(isExpandEntityReferences());
    jdk.setIgnoringComments(isIgnoringComments());
    jdk.setCoalescing(isCoalescing());
    jdk.setFeature(ClosedParsers.NO_DOCTYPE, true);
    return jdk.newDocumentBuilder();
  }

  @Override
  public void setAttribute(String name, Object value) {
    jdk.setAttribute(name, value);
  }

  @Override
  public Object getAttribute(String name) {
    return jdk.getAttribute(name);
  }

  @Override
  public void setFeature(String name, boolean value) throws ParserConfigurationException {
    jdk.setFeature(name, value);
  }

  @Override
  public boolean getFeature(String name) throws ParserConfigurationException {
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
