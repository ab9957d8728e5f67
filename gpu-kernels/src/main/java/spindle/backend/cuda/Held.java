package spindle.backend.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a pack holds on a device, to be given back together, the last first. */
final class Held implements AutoCloseable {
  private final Deque<Resource> resources = new ArrayDeque<>();

  /** Something that can be given back. */
  interface Resource extends AutoCloseable {
    @Override
    void close();
  }

  /** Holds a resource from now on. */
  <T extends Resource> T keep(T resource) {
    resources.push(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!resources.isEmpty()) {
      resources.pop().close();
    }
  }
}
