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

  private final List<Load> loads = new ArrayList<>();
  private final List<Packed> packs = new ArrayList<>();
  private int members;
  private int waiting;
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
        : convoy.load(new Load(program, arguments, on, new Seat()));
  }

  private synchronized Executable load(Load load) {
    loads.add(load);
    await(load.seat);
    return load.seat.loaded;
  }

  /** What a thread waits for, and what came of it; one that runs keeps its seat for all chunks. */
  private static final class Seat {
    private Executable loaded;
    private RuntimeException failed;
    private boolean waits;
  }

  private record Load(Program program, Arguments arguments, CudaBackend on, Seat seat) {
    /** Equal where loads can be one pack. */
    Object kind() {
      return List.of(program.hash(), arguments.recorded(), arguments.once(), on);
    }
  }

  /** Waits until the device has served the seat; the caller holds the lock. */
  private void await(Seat seat) {
    seat.waits = true;
    waiting++;
    serveIfAllWait();
    boolean interrupted = false;
    while (seat.waits) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // whoever wants an end cancels the convoy
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (seat.failed != null) {
      throw seat.failed;
    }
  }

  private void serveIfAllWait() {
    if (waiting > 0 && (cancelled || waiting == members)) {
      serve();
    }
  }

  /** Runs first, which allocates nothing; loads may make new packs. */
  private void serve() {
    for (int k = 0; k < packs.size(); k++) {
      packs.get(k).run();
    }
    if (!loads.isEmpty()) {
      var alike = new LinkedHashMap<Object, List<Load>>();
      loads.forEach(l -> alike.computeIfAbsent(l.kind(), k -> new ArrayList<>()).add(l));
      loads.clear();
      alike.values().forEach(this::load);
    }
    waiting = 0;
    notifyAll();
  }

  private void load(List<Load> alike) {
    try {
      if (cancelled) {
        throw cancellation();
      }
      loadPacked(alike);
    } catch (RuntimeException | Error e) {
      alike.forEach(l -> l.seat.failed = failure(alike.size(), e));
    }
    alike.forEach(l -> l.seat.waits = false);
  }

  private static CancellationException cancellation() {
    return new CancellationException("the task was cancelled");
  }

  private static RuntimeException failure(int trials, Throwable thrown) {
    boolean own = trials == 1 || thrown instanceof CancellationException;
    return own && thrown instanceof RuntimeException e ? e : new SharedFailure(trials, thrown);
  }

  private void loadPacked(List<Load> alike) {
    Load first = alike.get(0);
    if (!isPacked(first, alike.size())) {
      alike.forEach(Convoy::loadAlone);
      return;
    }
    List<Arguments> all = alike.stream().map(Load::arguments).toList();
    var packed = new Packed(new Pack(first.program(), all, first.on()));
    packs.add(packed);
    alike.forEach(l -> l.seat.loaded = packed.add());
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

  private static void loadAlone(Load load) {
    try {
      load.seat.loaded = new Pack(load.program, List.of(load.arguments), load.on).alone();
    } catch (RuntimeException e) {
      load.seat.failed = e;
    }
  }

  /** A pack whose trials are run when all wait, and closed one by one. */
  private final class Packed {
    private final Pack pack;
    private final List<Seat> seats = new ArrayList<>();
    private int open;

    Packed(Pack pack) {
      this.pack = pack;
    }

    /** The next trial, with a seat of its own. */
    Executable add() {
      int trial = seats.size();
      var seat = new Seat();
      seats.add(seat);
      open++;
      return pack.trial(trial, new Travelling(this, trial, seat));
    }

    /** Runs the trials whose threads wait for that. */
    void run() {
      int asked = 0;
      for (int k = 0; k < seats.size(); k++) {
        asked += seats.get(k).waits ? 1 : 0;
      }
      if (asked == 0) {
        return;
      }
      try {
        if (cancelled) {
          throw cancellation();
        }
        pack.run();
      } catch (RuntimeException | Error e) {
        for (int k = 0; k < seats.size(); k++) {
          Seat seat = seats.get(k);
          seat.failed = seat.waits ? failure(asked, e) : seat.failed;
        }
      }
      for (int k = 0; k < seats.size(); k++) {
        seats.get(k).waits = false;
      }
    }

    private void leave() {
      open--;
      if (open == 0) {
        packs.remove(this);
        pack.close();
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

  /** How a trial is run and closed that shares its pack. */
  private final class Travelling implements Pack.Handling {
    private final Packed packed;
    private final int trial;
    private final Seat seat;

    Travelling(Packed packed, int trial, Seat seat) {
      this.packed = packed;
      this.trial = trial;
      this.seat = seat;
    }

    @Override
    public void run(Pack pack, int from, int steps) {
      synchronized (Convoy.this) {
        pack.turn(trial, from, steps);
        await(seat);
      }
    }

    @Override
    public void close(Pack pack) {
      synchronized (Convoy.this) {
        packed.leave();
      }
    }
  }
}
