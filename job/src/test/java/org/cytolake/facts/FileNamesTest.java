package org.cytolake.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FileNamesTest {
  @Test
  void fileNamesStayInTheirFolderAndApart() {
    List<String> names =
        List.of(
            "../../etc/passwd",
            "..",
            ".",
            "",
            "a/b",
            "a\\b",
            "a b",
            "a_b",
            "a.b",
            "con?",
            "ü",
            "ö",
            "x".repeat(300),
            "x".repeat(301));
    List<String> safe = names.stream().map(FileNames::safe).toList();
    assertThat(safe).doesNotHaveDuplicates().allMatch(s -> s.matches("[A-Za-z0-9_-]{1,89}"));
    assertThat(FileNames.safe("SYN001_B02_1")).isEqualTo("SYN001_B02_1");
    assertThat(new ImageKey("a", 0, 1, 0).fileName())
        .isNotEqualTo(new ImageKey("a", 0, 0, 1).fileName());
  }
}
