package org.cytolake.plan;

import java.util.ArrayList;
import java.util.List;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;

/** Which columns the tables of a catalogue's images have. */
public final class CatalogLayout {
  private CatalogLayout() {}

  public static Layout of(ImageCatalog catalog) {
    List<ChannelColumn> channels = new ArrayList<>();
    for (int c = 0; c < catalog.channels().size(); c++) {
      channels.add(new ChannelColumn(catalog.channels().get(c), catalog.types().get(c)));
    }
    return new Layout(catalog.groups(), channels);
  }

  /**
   * The catalogue in the columns of tables that are there; a wider channel type in them is kept.
   *
   * @param output for messages
   * @throws CytolakeException (USAGE) where the images do not fit
   */
  public static ImageCatalog fit(ImageCatalog catalog, Layout layout, String output) {
    Layout found = of(catalog);
    if (!found.groups().equals(layout.groups())
        || !found.channelNames().equals(layout.channelNames())) {
      throw new CytolakeException(
          Code.USAGE,
          "The output "
              + output
              + " holds tables with "
              + layout
              + "; the images now given have "
              + found
              + ".",
          "Use another --output.");
    }
    ImageCatalog widened =
        catalog.widened(layout.channels().stream().map(ChannelColumn::type).toList());
    if (!of(widened).equals(layout)) {
      throw new CytolakeException(
          Code.USAGE,
          "The images now given have channels of a wider type, "
              + found
              + ", than the tables in "
              + output
              + ", "
              + layout
              + ".",
          "Use another --output.");
    }
    return widened;
  }
}
