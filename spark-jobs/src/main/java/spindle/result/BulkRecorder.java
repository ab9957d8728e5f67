package spindle.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.unsafe.types.UTF8String;
import spindle.task.Recorder;
import spindle.task.Workspace;

/**
 * Streams the spikes and traces of trials into the bulk files of one group commit.
 *
 * <p>Rows leave memory as they come, so that a trial may record more than fits. Rows of a trial
 * that is never committed stay in the file and are left out when tables are published.
 */
final class BulkRecorder implements AutoCloseable {
  private final Layout layout;
  private final String bulk;
  private final Map<Table, Part> parts = new EnumMap<>(Table.class);

  /** A recorder into files named {@code bulk}. */
  BulkRecorder(Layout layout, String bulk) {
    this.layout = layout;
    this.bulk = bulk;
  }

  String bulk() {
    return bulk;
  }

  /** Bytes written and buffered, over all files. */
  synchronized long size() {
    return parts.values().stream().mapToLong(Part::size).sum();
  }

  /** Where one trial records; several may at the same time, each on a thread of its own. */
  OfTrial of(String trialId) {
    return new OfTrial(UTF8String.fromString(trialId));
  }

  /** What one trial records. */
  final class OfTrial implements Recorder {
    private final UTF8String trialId;
    private long nanos;
    private long spikeBytes;

    private OfTrial(UTF8String trialId) {
      this.trialId = trialId;
    }

    String bulk() {
      return bulk;
    }

    /** Wall time spent on it [s]. */
    double seconds() {
      return nanos / 1e9;
    }

    /** Size of its spikes before encoding [B]. */
    long spikeBytes() {
      return spikeBytes;
    }

    @Override
    public Workspace workspace() {
      return new StageFiles(layout);
    }

    @Override
    public void spikes(SpikeChunk chunk) {
      spikeBytes += 8L * chunk.neuron().length;
      row(
          Table.SPIKES,
          trialId,
          UTF8String.fromString(chunk.population()),
          chunk.chunk(),
          chunk.startStep(),
          chunk.steps(),
          chunk.neuron().length,
          UnsafeArrayData.fromPrimitiveArray(chunk.stepOffset()),
          UnsafeArrayData.fromPrimitiveArray(chunk.neuron()));
    }

    @Override
    public void trace(TraceChunk chunk) {
      int columns = Math.max(1, chunk.neurons().length);
      row(
          Table.TRACES,
          trialId,
          UTF8String.fromString(chunk.population()),
          UTF8String.fromString(chunk.variable()),
          UTF8String.fromString(chunk.unit()),
          chunk.chunk(),
          chunk.startStep(),
          chunk.stride(),
          UnsafeArrayData.fromPrimitiveArray(chunk.neurons()),
          chunk.values().length / columns,
          UnsafeArrayData.fromPrimitiveArray(chunk.values()));
    }

    private void row(Table table, Object... cells) {
      long start = System.nanoTime();
      write(table, new GenericInternalRow(cells));
      nanos += System.nanoTime() - start;
    }
  }

  /** Ends the files and lists them. */
  synchronized List<Path> seal() throws IOException {
    var files = new ArrayList<Path>();
    for (Part part : parts.values()) {
      part.close();
      files.add(part.file());
    }
    parts.clear();
    return files;
  }

  /** Drops what was not sealed. */
  @Override
  public void close() throws IOException {
    for (Path file : seal()) {
      Files.deleteIfExists(file);
    }
  }

  private synchronized void write(Table table, InternalRow row) {
    try {
      Part part = parts.get(table);
      if (part == null) {
        part = new Part(layout.bulk(table).resolve(bulk + ".parquet"), table.schema());
        parts.put(table, part);
      }
      part.write(row);
    } catch (IOException e) {
      throw new StorageException(
          "cannot write to %s: %s".formatted(layout.bulk(table), Root.reason(e)), e);
    }
  }
}
