package spindle.job;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import spindle.backend.cuda.Device;
import spindle.backend.cuda.Devices;
import spindle.sim.Backends;

/**
 * GPUs of tasks: those that Spark assigns, or, in a process that is all there is, one after the
 * other those of this machine.
 *
 * <p>Spark passes on what its discovery script prints. {@code spark-jobs/bin/gpus} prints UUIDs,
 * which name the same device everywhere; numbers of other scripts are nvidia-smi's, which are the
 * driver's if CUDA_DEVICE_ORDER says so, as {@link Sessions} has executors do.
 */
final class Gpus {
  static final String WANTED = "spark.task.resource.gpu.amount";
  static final String PER_EXECUTOR = "spark.executor.resource.gpu.amount";
  private static final List<String> AMOUNTS =
      List.of(WANTED, PER_EXECUTOR, "spark.driver.resource.gpu.amount");
  private static final String RESOURCE = "gpu";
  static final String CUDA = "cuda";
  private static final long POLL_MS = 100;

  private Gpus() {}

  /** Devices that no task of this process has. */
  private static final class Free {
    static final BlockingQueue<Device> DEVICES = new LinkedBlockingQueue<>(Devices.all());
  }

  /**
   * What a task runs on until it gives it back.
   *
   * @param device empty where it is no GPU
   * @param remark why it is not the GPU that Spark assigned; empty where it is, or none was
   * @param back gives it back
   */
  record Taken(String backend, Optional<Device> device, String remark, Runnable back)
      implements AutoCloseable {
    private static Taken gpu(String backend, Device device, Runnable back) {
      return new Taken(backend, Optional.of(device), "", back);
    }

    @Override
    public void close() {
      back.run();
    }
  }

  /**
   * The backend of a task.
   *
   * @param remark why it is not on the GPU that Spark assigned; empty where it is, or none was
   */
  record Choice(String backend, String remark) {}

  /**
   * What a task is to run on: what it was assigned, else a GPU of this machine where one is wanted,
   * once one is free.
   *
   * @param stop whether to wait no longer
   * @return nothing if it waited in vain
   * @throws UnusableMaster if it is to be a GPU and cannot be used: another executor may have one
   */
  static Optional<Taken> take(String backend, BooleanSupplier stop) {
    Choice choice = assigned(backend);
    String name = choice.backend();
    if (!name.startsWith(CUDA)) {
      return Optional.of(new Taken(name, Optional.empty(), choice.remark(), () -> {}));
    }
    String why = unusable(name);
    if (!why.isEmpty()) {
      throw new UnusableMaster("execution.backend cuda: %s: %s".formatted(name, why), null);
    }
    if (name.equals(CUDA)) {
      return free(stop)
          .map(d -> Taken.gpu(Backends.onDevice(d.uuid()), d, () -> Free.DEVICES.add(d)));
    }
    return found(name).map(d -> Taken.gpu(name, d, () -> {}));
  }

  private static Optional<Device> free(BooleanSupplier stop) {
    try {
      while (!stop.getAsBoolean()) {
        Device device = Free.DEVICES.poll(POLL_MS, TimeUnit.MILLISECONDS);
        if (device != null) {
          return Optional.of(device);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  /** The backend of this task: on the GPU that it was assigned, if any, where GPUs may be used. */
  static Choice assigned(String backend) {
    TaskContext context = TaskContext.get();
    var resource = context == null ? null : context.resourcesJMap().get(RESOURCE);
    List<String> addresses = resource == null ? List.of() : List.of(resource.addresses());
    return on(backend, addresses, Gpus::unusable);
  }

  /**
   * The backend of a task that was assigned some GPUs; {@code auto} leaves one that cannot be used.
   *
   * @param unusable why a backend cannot be used, in a line; empty if it can
   */
  static Choice on(String backend, List<String> addresses, UnaryOperator<String> unusable) {
    if (!may(backend) || addresses.isEmpty()) {
      return new Choice(backend, "");
    }
    String gpu = Backends.onDevice(addresses.get(0));
    String why = backend.equals(CUDA) ? "" : unusable.apply(gpu);
    return why.isEmpty()
        ? new Choice(gpu, "")
        : new Choice(backend, "Spark assigned " + gpu + ", which cannot be used: " + why);
  }

  /** Why a backend on a GPU cannot be used in this process, in a line; empty if it can. */
  static String unusable(String name) {
    String why = Backends.missing(name);
    return why.isEmpty() && !name.equals(CUDA) && found(name).isEmpty()
        ? "the devices are " + Devices.all()
        : why;
  }

  private static Optional<Device> found(String name) {
    String address = name.substring(CUDA.length() + 1);
    return Devices.all().stream().filter(d -> d.is(address)).findFirst();
  }

  /** Whether a backend takes a GPU that Spark assigns. */
  static boolean may(String backend) {
    return backend.equals("auto") || backend.equals(CUDA);
  }

  /**
   * Refuses a backend that the tasks of a session will not have.
   *
   * @param asked settings as the user has them
   * @throws UnusableMaster with what is missing, in a line
   */
  static void demand(String backend, SparkConf asked, Master master) {
    if (!backend.equals(CUDA)) {
      return;
    }
    if (master.local()) {
      demandHere(backend, asked);
    } else if (!asked.contains(WANTED)) {
      throw master.refused(
          "execution.backend cuda, but Spark is to assign no GPU to tasks; add --conf "
              + WANTED
              + "=1 --conf "
              + PER_EXECUTOR
              + "=1",
          null);
    }
  }

  private static void demandHere(String backend, SparkConf asked) {
    String why = Backends.missing(backend);
    if (!why.isEmpty()) {
      throw new UnusableMaster("execution.backend cuda: " + why, null);
    }
    int found = Devices.all().size();
    for (String amount : AMOUNTS) {
      if (asked.getDouble(amount, 0) > found) {
        throw new UnusableMaster(
            "%s asks for %s GPUs, this machine has %d: %s"
                .formatted(amount, asked.get(amount), found, Devices.all()),
            null);
      }
    }
  }
}
