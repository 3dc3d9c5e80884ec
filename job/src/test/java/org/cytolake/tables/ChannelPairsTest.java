package org.cytolake.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cytolake.config.CytolakeException;
import org.junit.jupiter.api.Test;

final class ChannelPairsTest {
  private static final List<String> FIVE = List.of("dna", "er", "actin", "golgi", "mito");

  private static List<String> text(List<int[]> pairs) {
    return pairs.stream().map(p -> p[0] + " " + p[1]).toList();
  }

  private static List<String> of(List<String> setting, List<String> channels, String... needed) {
    return text(ChannelPairs.of(setting, channels, List.of(needed)));
  }

  @Test
  void allOfUpToFourChannelsAndEachWithTheFirstOfMore() {
    assertThat(text(ChannelPairs.usual(1))).isEmpty();
    assertThat(text(ChannelPairs.usual(2))).containsExactly("0 1");
    assertThat(text(ChannelPairs.usual(4)))
        .containsExactly("0 1", "0 2", "0 3", "1 2", "1 3", "2 3");
    assertThat(text(ChannelPairs.usual(5))).containsExactly("0 1", "0 2", "0 3", "0 4");
    assertThat(of(List.of("auto"), FIVE)).isEqualTo(text(ChannelPairs.usual(5)));
    assertThat(of(List.of(), FIVE)).isEqualTo(text(ChannelPairs.usual(5)));
  }

  @Test
  void asTheSettingSays() {
    assertThat(of(List.of("all"), FIVE)).hasSize(10).doesNotHaveDuplicates();
    assertThat(of(List.of("first"), FIVE.subList(0, 3))).containsExactly("0 1", "0 2");
    assertThat(of(List.of("mito:er", "dna : actin"), FIVE)).containsExactly("1 4", "0 2");
  }

  @Test
  void whatClusteringNeedsIsThere() {
    assertThat(of(List.of("auto"), FIVE, "mito", "er")).hasSize(5).endsWith("1 4");
    assertThat(of(List.of("auto"), FIVE, "er", "dna")).hasSize(4);
    assertThat(of(List.of("auto"), FIVE, "er")).hasSize(4);
  }

  @Test
  void namesThatAreNoChannels() {
    for (String wrong : List.of("dna:dna", "dna", "dna:foo", "dna:er:actin", "")) {
      assertThatThrownBy(() -> of(List.of(wrong), FIVE))
          .isInstanceOf(CytolakeException.class)
          .hasMessageContaining("statistics.pairs names '" + wrong + "'");
    }
  }
}
