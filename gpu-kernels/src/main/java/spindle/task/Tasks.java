package spindle.task;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.ServiceLoader;

/** The tasks on the class path, found by {@link ServiceLoader}. */
public final class Tasks {
  private Tasks() {}

  /** Every task, in order of name. */
  public static List<Task> all() {
    return ServiceLoader.load(Task.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted((a, b) -> a.describe().name().compareTo(b.describe().name()))
        .toList();
  }

  /** The task with this name. */
  public static Task named(String name) {
    return all().stream()
        .filter(t -> t.describe().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no model \"" + name + "\""));
  }
}
