package spindle.backend.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CancellationException;
import spindle.backend.Arguments;
import spindle.backend.Executable;
import spindle.ir.Program;

/**
 * Trials that a GPU runs side by side although each is told by a thread of its own, as if it were
 * alone.
 *
 * <p>A thread that loads or runs a program waits until every other one does, or has ended; then
 * equal programs are loaded as one {@link Pack}, and its trials run in common launches. Each trial
 * makes the steps that it asked for, so that no result depends on the company; one that ends, for
 * whatever reason, leaves, and the others go on.
 */
public final class Convoy {
  private static final ThreadLocal<Convoy> OF_THREAD = new ThreadLocal<>();

  private final List<Request> requests = new ArrayList<>();
  private final List<Packed> packs = new ArrayList<>();
  private int members;
  private boolean cancelled;

  /**
   * A convoy that begins when all its members have turned to the device.
   *
   * @param members number of threads that call {@link #travel}, once each
   */
  public Convoy(int members) {
    this.members = members;
  }

  /** Does the work of one trial on the calling thread. */
  public void travel(Runnable work) {
    OF_THREAD.set(this);
    try {
      work.run();
    } finally {
      OF_THREAD.remove();
      leave();
    }
  }

  /** Has every trial end with a {@link CancellationException} when it next turns to the device. */
  public synchronized void cancel() {
    cancelled = true;
    serve();
  }

  private synchronized void leave() {
    members--;
    if (members == 0) {
      packs.forEach(Packed::free);
    }
    serveIfAllWait();
  }

  /** Loads a program, with others where the calling thread is of a convoy. */
  static Executable load(Program program, Arguments arguments, CudaBackend on) {
    Convoy convoy = OF_THREAD.get();
    return convoy == null
        ? new Pack(program, List.of(arguments), on).alone()
        : convoy.await(new Load(program, arguments, on));
  }

  /** What a thread wants of the device. */
  private sealed interface Wish {
    /** Equal where wishes can be met at once. */
    Object kind();
  }

  private record Load(Program program, Arguments arguments, CudaBackend on) implements Wish {
    @Override
    public Object kind() {
      return List.of(program.hash(), arguments.recorded(), arguments.once(), on);
    }
  }

  private record Run(Pack pack, Pack.Turn turn) implements Wish {
    @Override
    public Object kind() {
      return pack;
    }
  }

  /** A wish, and what came of it. */
  private static final class Request {
    private final Wish wish;
    private Executable loaded;
    private RuntimeException failed;
    private boolean served;

    Request(Wish wish) {
      this.wish = wish;
    }
  }

  /** What was loaded; nothing for a run. */
  private synchronized Executable await(Wish wish) {
    var request = new Request(wish);
    requests.add(request);
    serveIfAllWait();
    boolean interrupted = false;
    while (!request.served) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // whoever wants an end cancels the convoy
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (request.failed != null) {
      throw request.failed;
    }
    return request.loaded;
  }

  private void serveIfAllWait() {
    if (!requests.isEmpty() && (cancelled || requests.size() == members)) {
      serve();
    }
  }

  private void serve() {
    var alike = new LinkedHashMap<Object, List<Request>>();
    for (Request r : requests) {
      alike.computeIfAbsent(r.wish.kind(), k -> new ArrayList<>()).add(r);
    }
    alike.values().forEach(this::serve);
    requests.forEach(r -> r.served = true);
    requests.clear();
    notifyAll();
  }

  private void serve(List<Request> alike) {
    try {
      if (cancelled) {
        throw new CancellationException("the task was cancelled");
      }
      if (alike.get(0).wish instanceof Load first) {
        load(first, alike);
      } else {
        run(alike);
      }
    } catch (CancellationException e) {
      alike.forEach(r -> r.failed = e);
    } catch (RuntimeException | Error e) {
      alike.forEach(r -> r.failed = failure(alike.size(), e));
    }
  }

  private static RuntimeException failure(int trials, Throwable thrown) {
    return trials == 1 && thrown instanceof RuntimeException own
        ? own
        : new SharedFailure(trials, thrown);
  }

  private static void run(List<Request> alike) {
    List<Run> runs = alike.stream().map(r -> (Run) r.wish).toList();
    runs.get(0).pack().run(runs.stream().map(Run::turn).toList());
  }

  private void load(Load first, List<Request> alike) {
    if (!isPacked(first, alike.size())) {
      alike.forEach(this::loadAlone);
      return;
    }
    List<Arguments> all = alike.stream().map(r -> ((Load) r.wish).arguments()).toList();
    var packed = new Packed(new Pack(first.program(), all, first.on()), alike.size());
    packs.add(packed);
    for (int k = 0; k < alike.size(); k++) {
      alike.get(k).loaded = packed.pack.trial(k, packed);
    }
  }

  /**
   * A trial whose state does not fit shared memory is faster with the whole device, unless there
   * are enough of them to keep every multiprocessor busy.
   */
  private static boolean isPacked(Load load, int trials) {
    Device device = load.on().on();
    return trials > 1
        && (trials >= device.multiprocessors()
            || Shapes.isSmall(load.program(), load.arguments().recorded(), device));
  }

  private void loadAlone(Request request) {
    Load load = (Load) request.wish;
    try {
      request.loaded = new Pack(load.program(), List.of(load.arguments()), load.on()).alone();
    } catch (RuntimeException e) {
      request.failed = e;
    }
  }

  /** A pack whose trials are closed one by one. */
  private final class Packed implements Pack.Handling {
    private final Pack pack;
    private int open;

    Packed(Pack pack, int open) {
      this.pack = pack;
      this.open = open;
    }

    @Override
    public void run(Pack of, Pack.Turn turn) {
      await(new Run(of, turn));
    }

    @Override
    public void close(Pack of) {
      synchronized (Convoy.this) {
        open--;
        if (open == 0) {
          packs.remove(this);
          pack.close();
        }
      }
    }

    /** Closes it for trials that ended without doing so. */
    void free() {
      try {
        pack.close();
      } catch (CudaError e) {
        // The context is lost, and its memory with it.
      }
    }
  }
}
