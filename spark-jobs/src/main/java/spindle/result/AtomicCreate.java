package spindle.result;

import java.io.IOException;
import java.nio.file.Path;

/** Creates a file exclusively: of many writers exactly one wins, and its content is complete. */
public interface AtomicCreate {
  /**
   * Creates {@code target} with {@code content} unless it exists.
   *
   * @return whether this call created it
   */
  boolean create(Path target, byte[] content) throws IOException;
}
