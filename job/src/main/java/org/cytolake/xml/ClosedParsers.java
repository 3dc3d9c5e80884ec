package org.cytolake.xml;

import java.io.IOException;
import java.net.URL;
import java.util.Enumeration;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.TransformerFactory;

/**
 * A class loader under which every XML parser that a thread asks JAXP for refuses document type
 * declarations, and with them external entities (CWE-611) and entities that grow (CWE-776). As a
 * thread's context class loader it holds for code that cannot be changed, and leaves the parsers of
 * all other threads of the JVM as they are: JAXP looks for its factories by the thread's loader.
 */
public final class ClosedParsers extends ClassLoader {
  private static final String SERVICES = "META-INF/services/";
  private static final String OURS = "org/cytolake/xml/services/";
  private static final Set<String> FACTORIES =
      Set.of(
          SAXParserFactory.class.getName(),
          DocumentBuilderFactory.class.getName(),
          TransformerFactory.class.getName());

  static final String NO_DOCTYPE = "http://apache.org/xml/features/disallow-doctype-decl";

  /**
   * Over another loader.
   *
   * @param parent which finds all classes
   */
  public ClosedParsers(ClassLoader parent) {
    super("closed-xml-parsers", parent);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return super.getResources(redirected(name));
  }

  @Override
  public URL getResource(String name) {
    return super.getResource(redirected(name));
  }

  private static String redirected(String name) {
    return name.startsWith(SERVICES) && FACTORIES.contains(name.substring(SERVICES.length()))
        ? OURS + name.substring(SERVICES.length())
        : name;
  }

  /** Closes a factory of transformers, whose own parser is the JDK's. */
  public static void close(TransformerFactory factory) {
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_STYLESHEET, "");
  }
}
