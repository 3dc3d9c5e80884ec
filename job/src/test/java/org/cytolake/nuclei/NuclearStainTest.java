package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cytolake.config.CellOptions;
import org.cytolake.config.ConfigLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NuclearStainTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "nuclei",
        "nucleus",
        "dna",
        "DNA",
        "w1_dapi",
        "DAPI",
        "Hoechst_33342",
        "hoechst33342",
        "draq5",
        "DRAQ7",
        "h2b_gfp",
        "c2_h2b"
      })
  void channelsNamedAfterIt(String name) {
    assertThat(NuclearStain.of(List.of("actin", "1", name, "dapi_2"))).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c1", "fkhr", "nucleoli", "nuclear_p53", "dnase", "mdna", "h2bx", "w1"})
  void otherNamesSayNothing(String name) {
    assertThat(NuclearStain.of(List.of("actin", name))).isEqualTo("actin");
  }

  @Test
  void cellsAreFoundInTheLastOther() {
    CellOptions cells = ConfigLoader.load(Optional.empty(), Map.of(), List.of()).cells();
    assertThat(cells.channelOf(List.of("fkhr", "dna"), List.of("dna"))).isEqualTo("fkhr");
    assertThat(cells.channelOf(List.of("dna", "er", "actin"), List.of("dna"))).isEqualTo("actin");
    assertThat(cells.channelOf(List.of("red", "green"), List.of("red", "green")))
        .isEqualTo("green");
  }
}
