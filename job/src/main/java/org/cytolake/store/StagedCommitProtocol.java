package org.cytolake.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.internal.io.FileNameSpec;
import org.apache.spark.sql.execution.datasources.SQLHadoopMapReduceCommitProtocol;
import org.cytolake.output.Json;
import org.cytolake.output.OutputFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.immutable.Seq;

/**
 * How Spark writes files below a run's staging folder: without a single rename, which on an object
 * store would be a copy and is not atomic. Each attempt of a task writes files of names of its own
 * where they stay; the driver then lists those of the attempts that succeeded in {@code
 * _spark_metadata/0}, in the form of Spark's own file sink, which {@code spark.read()} goes by. A
 * file that a lost or repeated attempt leaves, even later, is not in that list and so never read;
 * it goes with the staging folder. Elsewhere Spark writes as it always does.
 */
public final class StagedCommitProtocol extends SQLHadoopMapReduceCommitProtocol {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(StagedCommitProtocol.class);
  private static final String LIST = "_spark_metadata/0";

  /** The Spark setting that names this class. */
  public static final String SETTING = "spark.sql.sources.commitProtocolClass";

  private final String path;
  private final boolean staged;
  private transient List<Path> written; // by this attempt of the task

  /**
   * @param files lines of the list
   */
  private record Written(ArrayList<String> files) implements Serializable {}

  /** As Spark calls it. */
  public StagedCommitProtocol(String jobId, String path, boolean dynamicPartitionOverwrite) {
    super(jobId, path, dynamicPartitionOverwrite);
    this.path = path;
    this.staged = path != null && path.contains("/" + OutputFolder.STAGING + "/");
  }

  /**
   * The files that a write into this folder of the output made, by this protocol or, where the
   * session of the rows does not name it, by Spark's own.
   */
  static List<String> files(OutputFolder output, String folder) {
    Optional<String> list = output.read(folder + "/" + LIST);
    if (list.isEmpty()) {
      return output.parquetFiles(folder);
    }
    return list.get()
        .lines()
        .skip(1)
        .map(StagedCommitProtocol::nameOf)
        .sorted()
        .map(name -> folder + "/" + name)
        .toList();
  }

  private static String nameOf(String line) {
    try {
      String file = Json.read(line, JsonNode.class).path("path").asText();
      return file.substring(file.lastIndexOf('/') + 1);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a line of a list of files: " + line, e);
    }
  }

  private static String line(FileStatus file) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("path", file.getPath().toUri().toString());
    line.put("size", file.getLen());
    line.put("isDir", false);
    line.put("modificationTime", file.getModificationTime());
    line.put("blockReplication", 1);
    line.put("blockSize", Math.max(1, file.getBlockSize()));
    line.put("action", "add");
    return Json.line(line);
  }

  @Override
  public void setupJob(JobContext job) {
    if (!staged) {
      super.setupJob(job);
    }
  }

  @Override
  public void setupTask(TaskAttemptContext task) {
    if (!staged) {
      super.setupTask(task);
    }
    written = new ArrayList<>();
  }

  @Override
  public String newTaskTempFile(TaskAttemptContext task, Option<String> folder, FileNameSpec spec) {
    if (!staged) {
      return super.newTaskTempFile(task, folder, spec);
    }
    if (folder.isDefined()) {
      throw new UnsupportedOperationException("a staging folder has no partitions");
    }
    String name =
        "%spart-%05d-%s%s"
            .formatted(
                spec.prefix(),
                task.getTaskAttemptID().getTaskID().getId(),
                UUID.randomUUID(),
                spec.suffix());
    Path file = new Path(path, name);
    written.add(file);
    return file.toString();
  }

  @Override
  public TaskCommitMessage commitTask(TaskAttemptContext task) {
    if (!staged) {
      return super.commitTask(task);
    }
    ArrayList<String> lines = new ArrayList<>();
    try {
      for (Path file : written) {
        lines.add(line(fileSystem(task.getConfiguration()).getFileStatus(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TaskCommitMessage(new Written(lines));
  }

  @Override
  public void abortTask(TaskAttemptContext task) {
    if (!staged) {
      super.abortTask(task);
      return;
    }
    if (written == null) {
      return;
    }
    try {
      for (Path file : written) {
        fileSystem(task.getConfiguration()).delete(file, false);
      }
    } catch (IOException e) {
      LOG.warn("Left for the end of the run to remove: {}", e.getMessage());
    }
  }

  @Override
  public void commitJob(JobContext job, Seq<TaskCommitMessage> tasks) {
    if (!staged) {
      super.commitJob(job, tasks);
      return;
    }
    StringBuilder list = new StringBuilder("v1");
    scala.collection.Iterator<TaskCommitMessage> each = tasks.iterator();
    while (each.hasNext()) {
      ((Written) each.next().obj()).files.forEach(line -> list.append('\n').append(line));
    }
    try (OutputStream out = fileSystem(job.getConfiguration()).create(new Path(path, LIST), true)) {
      out.write(list.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void abortJob(JobContext job) {
    if (!staged) {
      super.abortJob(job);
    }
  }

  private FileSystem fileSystem(Configuration hadoop) throws IOException {
    return new Path(path).getFileSystem(hadoop);
  }
}
