package spindle.backend.cuda;

import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import spindle.backend.Arguments;
import spindle.backend.EventLog;
import spindle.backend.Executable;
import spindle.backend.Snapshot;
import spindle.compile.Mode;
import spindle.compile.Schedule;
import spindle.compile.ptx.Arena.Kind;
import spindle.compile.ptx.Kernels;
import spindle.compile.ptx.Kernels.Shape;
import spindle.ir.DType;
import spindle.ir.Lower;
import spindle.ir.Program;
import spindle.ir.Type;

/** A program on a GPU, with one trial. */
final class CudaExecutable implements Executable {
  private static final ConcurrentHashMap<Integer, Driver.Context> CONTEXTS =
      new ConcurrentHashMap<>();
  private static final int MOST_STEPS = 1000;

  private final Driver.Context context;
  private final Program program;
  private final Map<String, Recording> recordings = new HashMap<>();
  private final Tables tables;
  private final Trial trial;
  private final Driver.Memory arenas;
  private final Launches launches;
  private final double compileSeconds;

  CudaExecutable(Program source, Arguments arguments, CudaBackend backend) {
    this.context = CONTEXTS.computeIfAbsent(backend.on().ordinal(), Driver.Context::new);
    context.use();
    long start = System.nanoTime();
    this.program = Lower.of(source);
    Schedule schedule = Schedule.of(program, Mode.THREADS);
    Kernels kernels = kernels(schedule, arguments.recorded(), backend);
    double writing = (System.nanoTime() - start) * 1e-9;
    this.trial = new Trial(schedule, kernels, arguments.scalars());
    this.tables = new Tables(program, arguments.scalars());
    for (String v : arguments.recorded()) {
      recordings.put(v, new Recording(program.variable(v).type().length()));
    }
    kernels
        .arena()
        .tables()
        .forEach(
            (table, offset) ->
                trial.table(
                    offset,
                    table.kind() == Kind.RECORDING
                        ? recordings.get(table.of()).address()
                        : tables.make(table)));
    this.arenas = new Driver.Memory(8);
    arenas.write(0, new long[] {trial.address()}, 1);
    long loading = System.nanoTime();
    boolean grid = kernels.shape() == Shape.GRID;
    this.launches =
        new Launches(kernels, backend.on(), 1, grid ? trial.address() : arenas.address());
    this.compileSeconds = writing + (System.nanoTime() - loading) * 1e-9;
  }

  /** One block keeps the state of a small program in its shared memory, else all blocks share. */
  private static Kernels kernels(Schedule schedule, Set<String> recorded, CudaBackend backend) {
    Kernels kernels = Kernels.of(schedule, recorded, backend.wanted().orElse(Shape.BLOCK_SHARED));
    boolean fits = Launches.sharedBytes(kernels) <= backend.on().sharedBytes();
    return fits ? kernels : Kernels.of(schedule, recorded, Shape.GRID);
  }

  @Override
  public void run(int from, int steps) {
    context.use();
    int most = MOST_STEPS;
    for (Recording r : recordings.values()) {
      most = Math.min(most, r.room());
    }
    for (int step = from; step < from + steps; ) {
      int chunk = Math.min(most, from + steps - step);
      trial.prepare(step, chunk);
      launches.run(chunk);
      for (Recording r : recordings.values()) {
        r.pull(step, chunk);
      }
      step += chunk;
    }
  }

  @Override
  public void read(String variable, int[] indices, double[] out) {
    context.use();
    trial.read(variable, indices, out);
  }

  @Override
  public void write(String variable, double[] values) {
    context.use();
    trial.write(variable, values);
  }

  @Override
  public void write(String variable, float[] values) {
    context.use();
    trial.write(variable, values);
  }

  @Override
  public void read(String variable, float[] out) {
    context.use();
    trial.read(variable, out);
  }

  @Override
  public void save(Snapshot to) {
    context.use();
    for (String v : to.names()) {
      if (to.isEvents(v)) {
        trial.save(v, to.events(v));
      } else {
        trial.save(v, to.array(v));
      }
    }
  }

  @Override
  public void restore(Snapshot from) {
    context.use();
    for (String v : from.names()) {
      if (program.variables().stream().noneMatch(own -> own.name().equals(v))) {
        continue;
      }
      if (from.isEvents(v)) {
        trial.restore(v, from.events(v));
      } else {
        trial.restore(v, from.array(v));
      }
    }
  }

  @Override
  public EventLog log(String variable) {
    Recording recording = recordings.get(variable);
    if (recording == null) {
      throw new NoSuchElementException(
          variable + " is not recorded; recorded: " + recordings.keySet());
    }
    return recording.log();
  }

  @Override
  public int firstNonFinite(String variable) {
    context.use();
    Type type = program.variable(variable).type();
    if (type.dtype() != DType.F32 && type.dtype() != DType.F64) {
      return -1;
    }
    int[] all = java.util.stream.IntStream.range(0, type.size()).toArray();
    var values = new double[all.length];
    trial.read(variable, all, values);
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public long synapses(String rows) {
    return tables.synapses(rows).count();
  }

  @Override
  public int[] outDegrees(String rows) {
    return tables.synapses(rows).outDegrees();
  }

  @Override
  public long bytes() {
    return trial.bytes()
        + tables.bytes()
        + recordings.values().stream().mapToLong(Recording::bytes).sum();
  }

  @Override
  public long bytes(String rows) {
    return tables.bytes(rows);
  }

  @Override
  public double compileSeconds() {
    return compileSeconds;
  }

  @Override
  public void close() {
    context.use();
    launches.close();
    arenas.close();
    recordings.values().forEach(Recording::close);
    tables.close();
    trial.close();
  }
}
