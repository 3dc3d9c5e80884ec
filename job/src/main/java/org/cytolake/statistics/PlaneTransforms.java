package org.cytolake.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.SampleKind;
import org.cytolake.intensity.Composite;
import org.cytolake.intensity.Equalization;
import org.cytolake.intensity.LookupTable;
import org.cytolake.intensity.Normalization;

/**
 * Look-up tables of a whole plane; regions are looked up in them, too.
 *
 * @param shown indices of the channels of the composite
 * @param channels equalisation of every channel by itself
 * @param composite equalisation of the composite
 * @param normalized normalisations of the composite, by reference channel
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PlaneTransforms(
    int[] shown,
    List<LookupTable> channels,
    LookupTable composite,
    Map<String, LookupTable> normalized) {
  private static final int BYTE_BITS = 8;
  private static final int MORE_BITS = 16;

  public PlaneTransforms {
    channels = List.copyOf(channels);
    normalized = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(normalized));
  }

  /** Of a plane; empty where a channel has no finite pixel: there is nothing to compare with. */
  public static Optional<PlaneTransforms> of(
      StatisticsSettings settings, List<Histogram> whole, ImageTraits traits) {
    if (whole.stream().anyMatch(Histogram::isEmpty)) {
      return Optional.empty();
    }
    List<LookupTable> own = new ArrayList<>();
    for (int c = 0; c < whole.size(); c++) {
      own.add(Equalization.channel(whole.get(c), settings.kind(c)));
    }
    int[] shown =
        settings.exploration().composite().stream()
            .mapToInt(settings.channels()::indexOf)
            .toArray();
    SampleKind kind = SampleKind.INTEGER;
    for (int c : shown) {
      kind = settings.kind(c) == SampleKind.INTEGER ? kind : settings.kind(c);
    }
    Composite composite =
        Composite.of(Arrays.stream(shown).mapToObj(whole::get).toArray(Histogram[]::new));
    boolean bytes = Arrays.stream(shown).allMatch(c -> traits.bytes().get(c));
    Map<String, LookupTable> normalized = new LinkedHashMap<>();
    for (String reference : settings.exploration().references()) {
      normalized.put(
          reference,
          Normalization.toReference(
              composite,
              whole.get(settings.channels().indexOf(reference)),
              settings.exploration().offset(),
              bytes ? BYTE_BITS : MORE_BITS));
    }
    return Optional.of(
        new PlaneTransforms(shown, own, Equalization.composite(composite, kind), normalized));
  }

  /**
   * The part of a table that a histogram needs. Values that stand for several, because low bits
   * were dropped, are looked up at the nearest that occurs.
   */
  public static LookupTable within(LookupTable table, Histogram histogram) {
    double[] values = new double[histogram.size()];
    double[] results = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = histogram.value(i);
      results[i] = table.nearest(values[i]);
    }
    return LookupTable.of(values, results);
  }
}
