package spindle.task;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Keeps what several trials of a sweep share, by a key that names everything it depends on: what is
 * found is never computed again.
 */
public interface Workspace {
  /** Keeps nothing. */
  Workspace NONE =
      new Workspace() {
        @Override
        public Optional<InputStream> open(String key) {
          return Optional.empty();
        }

        @Override
        public void save(String key, Content content) {}

        @Override
        public void drop(String key) {}
      };

  /** What was saved under a key; the caller closes it. */
  Optional<InputStream> open(String key) throws IOException;

  /** Saves under a key, all or nothing; what is there already stays. */
  void save(String key, Content content) throws IOException;

  /** Forgets what was saved under a key, if anything was: it is contained in something else. */
  void drop(String key) throws IOException;

  /** Writes what is to be kept. */
  interface Content {
    void write(OutputStream out) throws IOException;
  }
}
