package spindle.job;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import spindle.sim.Backends;

/** GPUs that Spark assigns to tasks. */
final class Gpus {
  private static final String RESOURCE = "gpu";
  private static final String WANTED = "spark.task.resource.gpu.amount";

  private Gpus() {}

  /** The backend of this task: on the GPU that it was assigned, if any, where GPUs may be used. */
  static String assigned(String backend) {
    TaskContext context = TaskContext.get();
    var resource = context == null ? null : context.resourcesJMap().get(RESOURCE);
    return on(backend, resource == null ? List.of() : List.of(resource.addresses()));
  }

  /** The backend of a task that was assigned some GPUs. */
  static String on(String backend, List<String> addresses) {
    boolean may = backend.equals("auto") || backend.equals("cuda");
    return may && !addresses.isEmpty() ? Backends.onDevice(addresses.get(0)) : backend;
  }

  /**
   * Refuses a backend that the tasks of a session will not have.
   *
   * @throws UnusableMaster with what is missing, in a line
   */
  static void demand(String backend, SparkConf conf, Master master) {
    if (!backend.equals("cuda")) {
      return;
    }
    if (master.local()) {
      String why = Backends.missing(backend);
      if (!why.isEmpty()) {
        throw new UnusableMaster("execution.backend cuda: " + why, null);
      }
    } else if (!conf.contains(WANTED)) {
      throw master.refused(
          "execution.backend cuda, but Spark is to assign no GPU to tasks; add --conf "
              + WANTED
              + "=1 --conf spark.executor.resource.gpu.amount=1",
          null);
    }
  }
}
