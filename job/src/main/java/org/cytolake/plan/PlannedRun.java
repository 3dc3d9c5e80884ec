package org.cytolake.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.Listing;
import org.cytolake.config.RunSettings;
import org.cytolake.field.Failure;
import org.cytolake.illumination.IlluminationGroups;
import org.cytolake.nuclei.NucleiNetwork;
import org.cytolake.tables.Layout;

/**
 * What a run has to do.
 *
 * @param listing the input
 * @param work images to be processed
 * @param catalog headers of those, and which of them failed
 * @param illumination which illumination functions there are to be
 * @param fingerprint of images
 * @param network that finds nuclei; empty where none are looked for
 * @param cellNetwork that finds cells; empty where they grow from nuclei, or none are looked for
 */
public record PlannedRun(
    Listing listing,
    Worklist work,
    ImageCatalog catalog,
    IlluminationGroups illumination,
    Fingerprint fingerprint,
    Optional<NucleiNetwork> network,
    Optional<NucleiNetwork> cellNetwork) {

  /** Whether there is nothing to do. */
  public boolean isNothing() {
    return work.todo().isEmpty() && listing.failures().isEmpty() && work.going().isEmpty();
  }

  /** The columns of the images' tables; empty where no image can be read. */
  public Optional<Layout> layout() {
    return catalog.fields().isEmpty() ? Optional.empty() : Optional.of(CatalogLayout.of(catalog));
  }

  /** Why images cannot be read: one failure each. */
  public List<Failure> failures() {
    Map<String, Failure> byImage = new LinkedHashMap<>();
    catalog.failures().forEach(f -> byImage.putIfAbsent(f.image(), f));
    return List.copyOf(byImage.values());
  }

  /** The images that can be read, as they are committed. */
  public List<Batch> batches(RunSettings settings) {
    return Batch.plan(catalog.fields(), settings.batchPixels(), settings.batchImages());
  }
}
