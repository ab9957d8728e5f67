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

  /** Gives all back, also where giving one back fails; then the first failure is thrown. */
  @Override
  public void close() {
    RuntimeException failure = null;
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
