package spindle.backend.cuda;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import spindle.backend.Arguments;
import spindle.backend.Executable;
import spindle.compile.Mode;
import spindle.compile.Schedule;
import spindle.compile.ptx.Kernels;
import spindle.compile.ptx.Kernels.Shape;
import spindle.ir.Lower;
import spindle.ir.Program;

/**
 * Trials of one program that a GPU runs side by side, a block each; all make the same steps, each
 * with arguments and connectivity of its own.
 */
public final class Pack implements AutoCloseable {
  private static final ConcurrentHashMap<Integer, Driver.Context> CONTEXTS =
      new ConcurrentHashMap<>();

  /** A launch of more would keep those waiting who want to cancel. */
  static final int MOST_STEPS = 1000;

  private final Driver.Context context;
  private final Program program;
  private final Shape shape;
  private final List<Member> members;
  private final Trial[] trials;
  private final Recording[] recordings;
  private final int room;
  private final Held held = new Held();
  private final Launches launches;
  private final double compileSeconds;

  /**
   * Loads a program once and its trials all.
   *
   * @param arguments of each trial, all with the same recorded variables
   * @throws IllegalArgumentException without trials, or if they record different variables
   * @throws CudaError if the device has too little memory
   */
  public Pack(Program source, List<Arguments> arguments, CudaBackend backend) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a pack needs at least one trial");
    }
    this.context = CONTEXTS.computeIfAbsent(backend.on().ordinal(), Driver.Context::new);
    context.use();
    long start = System.nanoTime();
    this.program = Lower.of(source);
    Schedule schedule = Schedule.of(program, Mode.THREADS);
    Set<String> recorded = arguments.get(0).recorded();
    if (arguments.stream().anyMatch(a -> !a.recorded().equals(recorded))) {
      throw new IllegalArgumentException("trials of a pack record the same variables");
    }
    Kernels kernels = Shapes.choose(schedule, recorded, arguments.size(), backend);
    this.shape = kernels.shape();
    double writing = (System.nanoTime() - start) * 1e-9;
    try {
      this.members = arguments.stream().map(a -> Member.of(schedule, kernels, a, held)).toList();
      this.trials = members.stream().map(Member::trial).toArray(Trial[]::new);
      this.recordings =
          members.stream().flatMap(m -> m.recordings().values().stream()).toArray(Recording[]::new);
      this.room = members.stream().mapToInt(Member::room).reduce(MOST_STEPS, Math::min);
      long loading = System.nanoTime();
      long[] arenas = members.stream().mapToLong(m -> m.trial().address()).toArray();
      this.launches = new Launches(kernels, backend.on(), arenas, held);
      this.compileSeconds = writing + (System.nanoTime() - loading) * 1e-9;
    } catch (RuntimeException | Error e) {
      held.close();
      throw e;
    }
  }

  /** Runs steps {@code from}, {@code from + 1}, ... of all trials. */
  public void run(int from, int steps) {
    context.use();
    for (int step = from; step < from + steps; ) {
      int chunk = Math.min(room, from + steps - step);
      for (Trial t : trials) {
        t.prepare(step, chunk);
      }
      launches.run(chunk);
      for (Recording r : recordings) {
        r.pull(step, chunk);
      }
      step += chunk;
    }
  }

  /**
   * The trials, in the order of their arguments; to run one is to run all, to close one nothing.
   */
  public List<Executable> trials() {
    return members.stream().map(m -> trial(m, () -> {})).toList();
  }

  /** The only trial, with which the pack is closed. */
  Executable alone() {
    return trial(members.get(0), this::close);
  }

  private Executable trial(Member member, Runnable closing) {
    return new CudaExecutable(this, member, program, closing);
  }

  /** How it is spread over the device. */
  public Shape shape() {
    return shape;
  }

  /** The shape as a word, with the number of trials: {@code block_shared x16}. */
  String shapeName() {
    String word = shape.name().toLowerCase(Locale.ROOT);
    return shape == Shape.GRID ? word : word + " x" + members.size();
  }

  /** Makes the device that of the calling thread. */
  void use() {
    context.use();
  }

  double compileSeconds() {
    return compileSeconds;
  }

  /** Device memory [B]. */
  public long bytes() {
    return members.stream().mapToLong(Member::bytes).sum();
  }

  @Override
  public void close() {
    context.use();
    held.close();
  }
}
