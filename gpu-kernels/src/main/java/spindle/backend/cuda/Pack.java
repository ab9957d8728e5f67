package spindle.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import spindle.backend.Arguments;
import spindle.backend.Executable;
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

  /** State of a trial whose rows are walked beside those of others [B]. */
  private static final long MOST_BYTES_WALKED = 1L << 20;

  /** Fewer are sooner unpacked than shared out. */
  private static final int FEW_STEPS = 16;

  private final Driver.Context context;
  private final Program program;
  private final Shape shape;
  private final List<Member> members;
  private final List<Turn> turns;
  private final Turn[] chosen;
  private final long[] arenas;
  private final int room;
  private final Held held = new Held();
  private final Launches launches;
  private final double compileSeconds;
  private final Crew crew = Crew.common();
  private final IntConsumer unpacking = this::unpack;
  private int from;
  private int parts;

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
    this.context = context(backend.on());
    context.use();
    long start = System.nanoTime();
    this.program = Lower.of(source);
    Schedule schedule = Kernels.schedule(program);
    Set<String> recorded = arguments.get(0).recorded();
    if (arguments.stream().anyMatch(a -> !a.recorded().equals(recorded))) {
      throw new IllegalArgumentException("trials of a pack record the same variables");
    }
    Kernels kernels = Shapes.choose(schedule, recorded, arguments.size(), backend);
    this.shape = kernels.shape();
    double writing = (System.nanoTime() - start) * 1e-9;
    try {
      this.members = members(schedule, kernels, arguments);
      this.turns = members.stream().map(Turn::new).toList();
      this.chosen = new Turn[turns.size()];
      this.room = members.stream().mapToInt(Member::room).reduce(MOST_STEPS, Math::min);
      long loading = System.nanoTime();
      this.arenas = members.stream().mapToLong(m -> m.trial().address()).toArray();
      this.launches = new Launches(kernels, backend.on(), arenas, held);
      this.compileSeconds = writing + (System.nanoTime() - loading) * 1e-9;
    } catch (RuntimeException | Error e) {
      held.close();
      throw e;
    }
  }

  /**
   * Threads walk the rows of some small trials at a time: the host has room for the tables of few.
   */
  private List<Member> members(Schedule schedule, Kernels kernels, List<Arguments> arguments) {
    int trials = arguments.size();
    var tables = arguments.stream().map(a -> new Tables(program, a.scalars(), held)).toList();
    var members = new ArrayList<Member>();
    var sharing = new Recording.Sharing(trials, crew.size());
    int together = kernels.arena().bytes() > MOST_BYTES_WALKED ? 1 : crew.size();
    for (int k = 0; k < trials; k++) {
      int first = k;
      if (k % together == 0) {
        crew.run(
            Math.min(together, trials - k),
            other -> tables.get(first + other).walk(kernels.arena().tables().keySet()));
      }
      members.add(Member.of(schedule, kernels, arguments.get(k), tables.get(k), sharing, held));
    }
    return List.copyOf(members);
  }

  private static Driver.Context context(Device device) {
    return CONTEXTS.computeIfAbsent(device.ordinal(), Driver.Context::new);
  }

  /** Free memory of a device [B]. */
  static long freeBytes(Device device) {
    context(device).use();
    return Driver.freeBytes();
  }

  /** A trial with the steps that it is to do. */
  private static final class Turn {
    private final Member member;
    private int from;
    private int steps;

    private Turn(Member member) {
      this.member = member;
    }

    private int chunk(int done, int room) {
      return Math.min(room, steps - done);
    }
  }

  /** Runs steps {@code from}, {@code from + 1}, ... of all trials. */
  public void run(int from, int steps) {
    for (int k = 0; k < turns.size(); k++) { // without an iterator: a warm launch allocates nothing
      turn(k, from, steps);
    }
    run();
  }

  /** Gives one of the trials some steps to do. */
  void turn(int trial, int from, int steps) {
    Turn turn = turns.get(trial);
    turn.from = from;
    turn.steps = steps;
  }

  /** Runs the trials that have steps to do, each those of its own. */
  void run() {
    context.use();
    try {
      int done = 0;
      for (int count = choose(done); count > 0; count = choose(done)) {
        launch(count, done);
        done += room;
      }
    } finally {
      for (int k = 0; k < turns.size(); k++) {
        turns.get(k).steps = 0;
      }
    }
  }

  /** Chooses the trials that still have steps to do; how many. */
  private int choose(int done) {
    int count = 0;
    for (int k = 0; k < turns.size(); k++) {
      Turn turn = turns.get(k);
      if (turn.steps > done) {
        arenas[count] = turn.member.trial().address();
        chosen[count++] = turn;
      }
    }
    return count;
  }

  private void launch(int count, int done) {
    launches.take(arenas, count);
    int longest = 0;
    for (int k = 0; k < count; k++) {
      Turn t = chosen[k];
      t.member.trial().prepare(t.from + done, t.chunk(done, room));
      longest = Math.max(longest, t.chunk(done, room));
    }
    launches.run(longest);
    for (int k = 0; k < count; k++) {
      chosen[k].member.fetch(chosen[k].chunk(done, room), launches.stream());
    }
    launches.stream().await();
    unpack(count, done, longest);
  }

  /** Of many trials each is unpacked by one thread, of few by many. */
  private void unpack(int count, int done, int longest) {
    from = done;
    parts = longest < FEW_STEPS ? 1 : Math.max(1, crew.size() / count);
    crew.run(count * parts, unpacking);
    for (int k = 0; k < count; k++) {
      chosen[k].member.join(parts);
    }
  }

  private void unpack(int piece) {
    Turn t = chosen[piece / parts];
    t.member.unpack(t.from + from, t.chunk(from, room), piece % parts, parts);
  }

  /**
   * The trials, in the order of their arguments; to run one is to run all, to close one nothing.
   */
  public List<Executable> trials() {
    return IntStream.range(0, members.size()).mapToObj(k -> trial(k, new All(() -> {}))).toList();
  }

  /** The only trial, with which the pack is closed. */
  Executable alone() {
    return trial(0, new All(this::close));
  }

  /** A trial that is run and closed by the rules of others. */
  Executable trial(int k, Handling handling) {
    return new CudaExecutable(this, members.get(k), handling);
  }

  /** What it means to run and to close one trial of a pack. */
  interface Handling {
    void run(Pack pack, int from, int steps);

    void close(Pack pack);
  }

  /** To run one is to run all. */
  private record All(Runnable closing) implements Handling {
    @Override
    public void run(Pack pack, int from, int steps) {
      pack.run(from, steps);
    }

    @Override
    public void close(Pack pack) {
      closing.run();
    }
  }

  Program program() {
    return program;
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
