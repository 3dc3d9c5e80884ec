package org.cytolake.xml;

import javax.xml.transform.ErrorListener;
import javax.xml.transform.Source;
import javax.xml.transform.Templates;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerConfigurationException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.URIResolver;

/** The JDK's transformers, closed; found by JAXP under {@link ClosedParsers}. */
public final class ClosedTransformerFactory extends TransformerFactory {
  private final TransformerFactory jdk = TransformerFactory.newDefaultInstance();

  /** For JAXP. */
  public ClosedTransformerFactory() {
    ClosedParsers.close(jdk);
  }

  @Override
  public Transformer newTransformer(Source source) throws TransformerConfigurationException {
    return jdk.newTransformer(source);
  }

  @Override
  public Transformer newTransformer() throws TransformerConfigurationException {
    return jdk.newTransformer();
  }

  @Override
  public Templates newTemplates(Source source) throws TransformerConfigurationException {
    return jdk.newTemplates(source);
  }

  @Override
  public Source getAssociatedStylesheet(Source source, String media, String title, String charset)
      throws TransformerConfigurationException {
    return jdk.getAssociatedStylesheet(source, media, title, charset);
  }

  @Override
  public void setURIResolver(URIResolver resolver) {
    jdk.setURIResolver(resolver);
  }

  @Override
  public URIResolver getURIResolver() {
    return jdk.getURIResolver();
  }

  @Override
  public void setFeature(String name, boolean value) throws TransformerConfigurationException {
    jdk.setFeature(name, value);
  }

  @Override
  public boolean getFeature(String name) {
    return jdk.getFeature(name);
  }

  @Override
  public void setAttribute(String name, Object value) {
    jdk.setAttribute(name, value);
    ClosedParsers.close(jdk);
  }

  @Override
  public Object getAttribute(String name) {
    return jdk.getAttribute(name);
  }

  @Override
  public void setErrorListener(ErrorListener listener) {
    jdk.setErrorListener(listener);
  }

  @Override
  public ErrorListener getErrorListener() {
    return jdk.getErrorListener();
  }
}
