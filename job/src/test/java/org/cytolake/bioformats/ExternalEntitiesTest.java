package org.cytolake.bioformats;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.field.ImageFile;
import org.cytolake.source.LocalSpark;
import org.cytolake.xml.ClosedParsers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Nothing that a file says makes its reader ask a server; and other code's parsers still do. */
final class ExternalEntitiesTest {
  private static final ConcurrentLinkedQueue<String> ASKED = new ConcurrentLinkedQueue<>();

  /** Suffixes whose readers look into XML, as a file of its own. */
  private static final List<String> XML =
      List.of(
          "ome",
          "ome.xml",
          "companion.ome",
          "xml",
          "scn",
          "qptiff",
          "xlef",
          "xlif",
          "xlcf",
          "lif",
          "lof",
          "msr",
          "obf",
          "cif",
          "bif",
          "czi",
          "oir",
          "omp2info",
          "vws",
          "vsi",
          "afi",
          "ndpis",
          "nd",
          "htd",
          "xdce",
          "mvd2",
          "mlf",
          "mrf",
          "wpi",
          "env",
          "cfg",
          "pcoraw",
          "h5",
          "svs",
          "flex",
          "lsm",
          "mea",
          "res",
          "acff",
          "ano",
          "html",
          "dcm",
          "svg",
          "ims");

  /** Suffixes whose readers look into the XML of a TIFF's description. */
  private static final List<String> TIFF =
      List.of(
          "tif",
          "ome.tif",
          "ome.tiff",
          "ome.tf8",
          "ome.btf",
          "scn",
          "qptiff",
          "stk",
          "svs",
          "bif",
          "ndpi",
          "flex",
          "lsm",
          "cif",
          "pcoraw",
          "lei",
          "fff",
          "nef");

  private static HttpServer server;
  private static String address;

  @TempDir Path folder;

  @BeforeAll
  static void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          ASKED.add(exchange.getRequestURI().toString());
          byte[] dtd = "<!ENTITY e 'got it'>".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, dtd.length);
          exchange.getResponseBody().write(dtd);
          exchange.close();
        });
    server.start();
    address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  @AfterAll
  static void close() {
    server.stop(0);
  }

  @BeforeEach
  void forget() {
    ASKED.clear();
  }

  private static List<String> documents() {
    String ome =
        "<OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\"><Image"
            + " ID=\"Image:0\"><Pixels ID=\"Pixels:0\" DimensionOrder=\"XYCZT\" Type=\"uint8\""
            + " SizeX=\"40\" SizeY=\"50\" SizeC=\"1\" SizeZ=\"1\""
            + " SizeT=\"1\"><TiffData/></Pixels></Image></OME>";
    String old = ome.replace("2016-06", "2013-06");
    String scn =
        "<scn xmlns=\"http://www.leica-microsystems.com/scn/2010/10/01\"><collection/></scn>";
    String qpi =
        "<PerkinElmer-QPI-ImageDescription><ImageType>x</ImageType>"
            + "</PerkinElmer-QPI-ImageDescription>";
    String meta = "<MetaData><PlaneInfo/></MetaData>";
    String leica = "<LMSDataContainerHeader><Element/></LMSDataContainerHeader>";
    List<String> types =
        List.of(
            "<!DOCTYPE r SYSTEM \"" + address + "dtd\">",
            "<!DOCTYPE r [<!ENTITY x SYSTEM \"" + address + "general\">]>",
            "<!DOCTYPE r [<!ENTITY % x SYSTEM \"" + address + "parameter\"> %x;]>",
            "<!DOCTYPE r PUBLIC \"-//X\" \"" + address + "public\">");
    List<String> documents = new java.util.ArrayList<>();
    for (String type : types) {
      for (String body : List.of(ome, old, scn, qpi, meta, leica)) {
        String filled = type.contains("ENTITY x") ? body.replaceFirst("</", "&x;</") : body;
        documents.add("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + type + filled);
      }
    }
    String head =
        "<?xml version=\"1.0\"?><OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\" ";
    documents.add(
        head
            + "UUID=\"urn:uuid:1\"><BinaryOnly MetadataFile=\""
            + address
            + "companion.ome\" UUID=\"urn:uuid:2\"/></OME>");
    documents.add(
        ome.replace(
            "<TiffData/>",
            "<TiffData IFD=\"0\"><UUID FileName=\""
                + address
                + "a.ome.tif\">urn:uuid:3</UUID></TiffData>"));
    documents.add(
        head
            + "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\""
            + "http://www.openmicroscopy.org/Schemas/OME/2016-06 "
            + address
            + "ome.xsd\"/>");
    documents.add(
        "<?xml version=\"1.0\"?><?xml-stylesheet type=\"text/xsl\" href=\""
            + address
            + "x.xsl\"?>"
            + ome);
    documents.add(
        "<?xml version=\"1.0\"?><r xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\""
            + address
            + "include\"/></r>");
    return documents;
  }

  private List<Path> files(Path into) throws IOException {
    List<Path> files = new java.util.ArrayList<>();
    int n = 0;
    for (String document : documents()) {
      for (String suffix : XML) {
        files.add(Files.writeString(into.resolve("x" + n++ + "." + suffix), document));
      }
      for (String suffix : TIFF) {
        Path path = into.resolve("t" + n++ + "." + suffix);
        files.add(TinyTiff.grey(40, 50, new byte[2000]).description(document).write(path));
      }
    }
    return files;
  }

  @Test
  void noReaderAsks() throws IOException {
    Configuration hadoop = ReadingTime.set(new Configuration(), 20);
    int failed = 0;
    int read = 0;
    try (HeaderReader headers = new HeaderReader(hadoop, true)) {
      for (Path path : files(folder)) {
        try {
          headers.read(
              new ImageFile(
                  path.toUri().toString(),
                  Files.size(path),
                  Files.getLastModifiedTime(path).toMillis()));
          read++;
        } catch (ImageReadException e) {
          assertThat(e.failure().code()).as(path.toString()).isNotEqualTo("TIMED_OUT");
          failed++;
        }
      }
    }
    assertThat(ASKED).isEmpty();
    assertThat(failed).isPositive();
    assertThat(read).isPositive();
  }

  /** In the tasks of a user's own session, where nothing of ours was started before. */
  @Test
  void noTaskAsks() throws IOException {
    String document = documents().get(0);
    for (int i = 0; i < 70; i++) { // more than the driver reads by itself
      TinyTiff.grey(40, 50, new byte[2000])
          .description(document)
          .write(folder.resolve("t" + i + ".ome.tif"));
    }
    TinyTiff.grey(40, 50, new byte[2000]).write(folder.resolve("good.tif"));
    Dataset<Row> pixels =
        LocalSpark.session()
            .read()
            .format("microscopy")
            .option("mode", "PERMISSIVE")
            .load(folder.toString());
    assertThat(pixels.where("corrupt is null").count()).isEqualTo(2000);
    assertThat(pixels.where("corrupt like '%DOCUMENT_TYPE%'").count()).isEqualTo(70);
    assertThat(ASKED).isEmpty();
  }

  /** The parsers of a thread, and only of it, are closed. */
  @Test
  void otherThreadsParseAsBefore() throws Exception {
    byte[] document = documents().get(0).getBytes(StandardCharsets.UTF_8);
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(document));
    assertThat(ASKED).containsExactly("/dtd");
    ASKED.clear();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(new ClosedParsers(before));
    try {
      assertRefused(
          () ->
              DocumentBuilderFactory.newInstance()
                  .newDocumentBuilder()
                  .parse(new ByteArrayInputStream(document)));
      assertRefused(
          () ->
              SAXParserFactory.newInstance()
                  .newSAXParser()
                  .parse(new ByteArrayInputStream(document), new DefaultHandler()));
      assertRefused(
          () ->
              TransformerFactory.newInstance()
                  .newTransformer()
                  .transform(
                      new StreamSource(new StringReader(documents().get(0))),
                      new StreamResult(new java.io.StringWriter())));
      assertThat(ASKED).isEmpty();
      assertThat(
              DocumentBuilderFactory.newInstance()
                  .newDocumentBuilder()
                  .parse(new ByteArrayInputStream("<a>&amp;</a>".getBytes(StandardCharsets.UTF_8)))
                  .getDocumentElement()
                  .getTextContent())
          .isEqualTo("&");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @FunctionalInterface
  private interface Parsing {
    void run() throws Exception;
  }

  private static void assertRefused(Parsing parsing) {
    org.assertj.core.api.Assertions.assertThatThrownBy(parsing::run)
        .isInstanceOfAny(SAXException.class, javax.xml.transform.TransformerException.class);
  }
}
