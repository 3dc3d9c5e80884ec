package org.cytolake.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One session for each model and JVM; threads and GPUs as Spark gives them. */
final class SharedModelsTest {
  private static final ModelFile FILE = ModelFile.builtIn("int8");

  private static SharedModels.Lease lease(ModelFile file, int threads) {
    return SharedModels.lease(file, threads, OptionalInt.empty());
  }

  private static NetworkPrediction predict(SharedModels.Lease lease) {
    int channels = lease.starDist().channels();
    lease.buffers().input(64 * 64 * channels);
    return lease.starDist().predict(lease.buffers(), 64, 64);
  }

  @Test
  void tasksShareASessionAndNotItsBuffers() {
    try (SharedModels.Lease first = lease(FILE, 1);
        SharedModels.Lease second = lease(FILE, 1)) {
      assertThat(second.model()).isSameAs(first.model());
      assertThat(second.buffers()).isNotSameAs(first.buffers());
      assertThat(SharedModels.open()).isEqualTo(1);
    }
  }

  @Test
  void theNextTaskHasTheSameSessionAndBuffers() {
    SharedModels.Lease first = lease(FILE, 1);
    first.close();
    try (SharedModels.Lease second = lease(FILE, 1)) {
      assertThat(second.model()).isSameAs(first.model());
      assertThat(second.buffers()).isSameAs(first.buffers());
      assertThat(second.buffers().input(10)).isSameAs(second.buffers().input(7));
    }
  }

  @Test
  void aReplacedSessionIsClosedByItsLastUser() {
    SharedModels.Lease first = lease(FILE, 1);
    SharedModels.Lease second = lease(FILE, 1);
    SharedModels.Lease other = lease(ModelFile.builtIn("fp32"), 1);
    assertThat(SharedModels.open()).isEqualTo(1);
    first.close();
    assertThat(predict(second).rays()).as("still in use").isEqualTo(32);
    second.close();
    assertThatThrownBy(() -> predict(second)).isInstanceOf(IllegalStateException.class);
    SharedModels.Lease threads = lease(ModelFile.builtIn("fp32"), 2);
    assertThat(threads.model()).isNotSameAs(other.model());
    other.close();
    assertThatThrownBy(() -> predict(other)).isInstanceOf(IllegalStateException.class);
    threads.close();
    assertThat(predict(threads).rays()).as("open for the next task").isEqualTo(32);
  }

  @ParameterizedTest
  @CsvSource({
    // cores, of an executor, for a task, tasks -> threads
    "8, 2147483647, 1, 100, 1",
    "8, 2147483647, 1, 3, 2",
    "8, 2147483647, 1, 1, 8",
    "8, 4, 1, 1, 4",
    "8, 4, 2, 100, 2",
    "8, 4, 3, 100, 4",
    "8, 8, 8, 1, 8",
    "2, 2147483647, 4, 5, 4",
    "1, 2147483647, 1, 7, 1",
  })
  void threads(int cores, int executorCores, int taskCpus, int tasks, int expected) {
    assertThat(TaskThreads.of(cores, executorCores, taskCpus, tasks)).isEqualTo(expected);
  }

  @Test
  void theTasksGpu() {
    assertThat(SharedModels.gpu(Map.of())).isEmpty();
    assertThat(
            SharedModels.gpu(
                Map.of("gpu", new ResourceInformation("gpu", new String[] {"3", "1"}))))
        .hasValue(3);
    assertThat(
            SharedModels.gpu(Map.of("fpga", new ResourceInformation("fpga", new String[] {"f0"}))))
        .isEmpty();
  }

  /** This build of ONNX Runtime has no CUDA. */
  @Test
  void withoutCudaTheProcessorComputes() {
    try (StarDistModel model = StarDistModel.load(FILE, 1, OptionalInt.of(0))) {
      NetworkBuffers buffers = new NetworkBuffers();
      buffers.input(64 * 64);
      assertThat(model.predict(buffers, 64, 64).grid()).isEqualTo(2);
    }
  }
}
