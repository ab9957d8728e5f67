package spindle.task;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Optional;
import spindle.train.loop.Archive;
import spindle.train.loop.Checkpoint;
import spindle.train.loop.CheckpointFile;

/**
 * The checkpoints of one training in a workspace, in two places by turns: while one is written the
 * other is whole.
 */
final class TrainingFiles implements Archive {
  private static final int PLACES = 2;

  private final Workspace workspace;
  private final String key;
  private int next;

  TrainingFiles(Workspace workspace, String key) {
    this.workspace = workspace;
    this.key = key;
  }

  private String place(int k) {
    return key + " checkpoint " + k;
  }

  @Override
  public Optional<Checkpoint> latest() {
    Comparator<Checkpoint> order =
        Comparator.comparingInt(Checkpoint::epoch).thenComparingInt(Checkpoint::batch);
    Optional<Checkpoint> latest = Optional.empty();
    for (int k = 0; k < PLACES; k++) {
      Optional<Checkpoint> here = read(place(k)).filter(c -> c.key().equals(key));
      if (here.isPresent() && (latest.isEmpty() || order.compare(here.get(), latest.get()) > 0)) {
        latest = here;
        next = (k + 1) % PLACES;
      }
    }
    return latest;
  }

  /** Empty where there is none, and where it is damaged or of another version. */
  private Optional<Checkpoint> read(String place) {
    try {
      Optional<InputStream> file = workspace.open(place);
      if (file.isEmpty()) {
        return Optional.empty();
      }
      try (InputStream in = file.get()) {
        return Optional.of(CheckpointFile.read(in, place));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void save(Checkpoint checkpoint) {
    try {
      workspace.drop(place(next));
      workspace.save(place(next), out -> CheckpointFile.write(checkpoint, out));
      next = (next + 1) % PLACES;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot save a checkpoint: " + e.getMessage(), e);
    }
  }
}
