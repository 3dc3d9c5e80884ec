package org.cytolake.network;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The models that this JVM's tasks share: one session for each model (and GPU), opened by the first
 * task that wants it. It stays open for the next tasks and stages; it is closed when another is
 * wanted, another model or another number of threads, and no task uses it any more.
 */
public final class SharedModels {
  private static final String GPU = "gpu";
  private static final Map<String, Shared> OPEN = new HashMap<>();

  private SharedModels() {}

  /** A model in use. */
  private static final class Shared {
    final NetworkModel model;
    final int threads;
    final Deque<NetworkBuffers> spare = new ArrayDeque<>();
    int users;
    boolean replaced;

    Shared(NetworkModel model, int threads) {
      this.model = model;
      this.threads = threads;
    }

    void closeWhereIdle() {
      if (users == 0) {
        model.close();
      }
    }
  }

  /** A task's use of a model, with buffers that no other task has meanwhile. */
  public static final class Lease implements AutoCloseable {
    private final Shared shared;
    private final NetworkBuffers buffers;

    private Lease(Shared shared, NetworkBuffers buffers) {
      this.shared = shared;
      this.buffers = buffers;
    }

    public NetworkModel model() {
      return shared.model;
    }

    /** The model, which is a StarDist network. */
    public StarDistModel starDist() {
      return (StarDistModel) shared.model;
    }

    /** The model, which is a Cellpose network. */
    public CellposeModel cellpose() {
      return (CellposeModel) shared.model;
    }

    public NetworkBuffers buffers() {
      return buffers;
    }

    @Override
    public void close() {
      synchronized (OPEN) {
        shared.users--;
        shared.spare.push(buffers);
        if (shared.replaced) {
          shared.closeWhereIdle();
        }
      }
    }
  }

  /** For the running task, whose end closes it. */
  public static Lease ofTask(ModelFile file, int threads) {
    TaskContext task = TaskContext.get();
    Lease lease = lease(file, threads, gpu(task.resourcesJMap()));
    task.addTaskCompletionListener((TaskCompletionListener) context -> lease.close());
    return lease;
  }

  /** The first GPU that Spark gives a task, by its number. */
  static OptionalInt gpu(Map<String, ResourceInformation> resources) {
    ResourceInformation gpus = resources.get(GPU);
    return gpus == null || gpus.addresses().length == 0
        ? OptionalInt.empty()
        : OptionalInt.of(Integer.parseInt(gpus.addresses()[0].strip()));
  }

  /**
   * @param threads that one run may use
   * @param gpu that is to run it
   */
  static Lease lease(ModelFile file, int threads, OptionalInt gpu) {
    String key = file.sha256() + (gpu.isPresent() ? " on GPU " + gpu.getAsInt() : "");
    synchronized (OPEN) {
      Shared shared = OPEN.get(key);
      if (shared == null || shared.threads != threads) {
        forgetOthers(file.sha256(), key);
        shared = new Shared(NetworkSession.load(file, threads, gpu), threads);
        OPEN.put(key, shared);
      }
      shared.users++;
      NetworkBuffers spare = shared.spare.poll();
      return new Lease(shared, spare == null ? new NetworkBuffers() : spare);
    }
  }

  /** Other models, and the session of this one that is to be replaced. */
  private static void forgetOthers(String sha256, String key) {
    Iterator<Map.Entry<String, Shared>> all = OPEN.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, Shared> one = all.next();
      if (one.getKey().equals(key) || !one.getKey().startsWith(sha256)) {
        one.getValue().replaced = true;
        one.getValue().closeWhereIdle();
        all.remove();
      }
    }
  }

  /** Sessions that the next task may be given. */
  static int open() {
    synchronized (OPEN) {
      return OPEN.size();
    }
  }
}
