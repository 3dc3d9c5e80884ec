package org.cytolake.planes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.field.ImageFile;
import org.cytolake.image.LimitException;
import org.cytolake.stardist.StarDist;
import org.junit.jupiter.api.Test;

final class PlaneFailedExceptionTest {
  private static final Field FIELD =
      new Field(
          "a",
          "a",
          List.of(),
          0,
          4,
          3,
          1,
          0,
          1,
          "uint8",
          null,
          null,
          List.of(
              new Field.Channel(
                  new ImageFile("file:/a.tif", 1, 1), "reader", 0, "uint8", 0, 4, 3)));

  @Test
  void aLimitSaysWhichAndWhatToDo() {
    LimitException limit = StarDist.tooMany(10, 0.5);
    Failure failure = PlaneFailedException.segmentation(FIELD, limit).failure();
    assertThat(failure.code()).isEqualTo("SEGMENTATION_FAILED");
    assertThat(failure.message())
        .isEqualTo(
            "The image a cannot be segmented: there are more than 10 candidates for objects above"
                + " the probability 0.5 (segmentation.max-candidates).");
    assertThat(failure.remedy()).endsWith("raise segmentation.max-candidates.");
  }

  @Test
  void aFaultOfTheProgramSaysThatItIsOneAndWhere() {
    NullPointerException fault = new NullPointerException("it is null");
    for (PlaneFailedException failed :
        List.of(
            PlaneFailedException.segmentation(FIELD, fault),
            PlaneFailedException.statistics(FIELD, fault))) {
      assertThat(failed.failure().code()).isEqualTo("PROGRAM_FAULT");
      assertThat(failed.failure().message())
          .contains("a fault of the program, java.lang.NullPointerException: it is null at ")
          .contains("PlaneFailedExceptionTest.java:");
      assertThat(failed.failure().remedy()).startsWith("Report this with the image");
      assertThat(failed).hasCause(fault);
    }
  }
}
