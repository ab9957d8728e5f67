package spindle.backend.cpu;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import spindle.backend.Arguments;
import spindle.backend.EventLog;
import spindle.backend.Executable;
import spindle.backend.Snapshot;
import spindle.compile.Constants;
import spindle.compile.Events;
import spindle.compile.Layout;
import spindle.compile.Mode;
import spindle.compile.Schedule;
import spindle.compile.Stage;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Lower;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Type;
import spindle.ir.Variable;

/** A scheduled program with its memory; the warm step allocates nothing. */
final class CpuExecutable implements Executable {
  private final Program program;
  private final Layout layout;
  private final Memory memory;
  private final Map<String, Matrix> matrices = new HashMap<>();
  private final Map<String, EventRing> rings = new HashMap<>();
  private final Map<String, EventLog> logs = new HashMap<>();
  private final Team team;
  private final Work[] work;
  private final double compileSeconds;

  CpuExecutable(Program source, Arguments arguments, Mode mode, int threads) {
    long start = System.nanoTime();
    this.program = Lower.of(source);
    Schedule schedule = Schedule.of(program, mode);
    this.layout = schedule.layout();
    Constants constants = Constants.of(program, arguments.scalars());
    this.memory = Memory.of(layout);
    layout
        .slots()
        .forEach(
            (place, slot) -> {
              if (constants.known()[place]) {
                memory.scalars()[slot] = constants.values()[place];
              }
            });
    for (Variable v : program.variables()) {
      if (v.type().dtype() == DType.EVENTS) {
        rings.put(v.name(), new EventRing(v));
      }
    }
    arguments.recorded().forEach(v -> logs.put(v, new EventLog()));
    program
        .rows()
        .forEach(
            r -> {
              boolean numbered = program.equations().stream().anyMatch(e -> numbers(e, r));
              matrices.put(r.name(), Matrices.of(r, numbered, arguments.scalars(), mode));
            });
    this.team = new Team(threads);
    this.work = compile(schedule.stages());
    this.compileSeconds = (System.nanoTime() - start) * 1e-9 - buildSeconds();
  }

  /** Whether an equation tells the synapses of some rows apart. */
  private static boolean numbers(Equation e, Rows r) {
    return (e.op() == Op.TRANSMIT || e.op() == Op.PAIR) && e.name().equals(r.name());
  }

  private Work[] compile(List<Stage> stages) {
    var compiler = new StageCompiler(team, memory, layout, matrices, rings, logs);
    var list = new ArrayList<Work>();
    stages.forEach(s -> list.add(compiler.work(s)));
    return list.toArray(new Work[0]);
  }

  private double buildSeconds() {
    return matrices.values().stream().mapToDouble(Matrix::buildSeconds).sum();
  }

  @Override
  public void run(int from, int steps) {
    for (int step = from; step < from + steps; step++) {
      memory.scalars()[Layout.TIME_SLOT] = step;
      for (Events list : memory.events()) {
        list.clear();
      }
      for (Work w : work) {
        w.run(step);
      }
    }
  }

  @Override
  public void read(String variable, int[] indices, double[] out) {
    Integer slot = layout.scalarVariables().get(variable);
    for (int k = 0; k < indices.length; k++) {
      out[k] = slot == null ? memory.element(place(variable), indices[k]) : memory.scalars()[slot];
    }
  }

  private int place(String variable) {
    Integer array = layout.variables().get(variable);
    if (array == null) {
      throw new NoSuchElementException(program.name() + " has no vector " + variable);
    }
    return array;
  }

  @Override
  public void write(String variable, double[] values) {
    Type type = program.variable(variable).type();
    if (values.length != type.size()) {
      throw new IllegalArgumentException(
          variable + " has " + type.size() + " elements, got " + values.length);
    }
    if (type.isScalar()) {
      memory.scalars()[layout.scalarVariables().get(variable)] =
          spindle.ir.Meaning.round(type.dtype(), values[0]);
    } else {
      memory.fill(place(variable), values);
    }
  }

  @Override
  public void write(String variable, float[] values) {
    System.arraycopy(values, 0, floats(variable, values), 0, values.length);
  }

  @Override
  public void read(String variable, float[] out) {
    System.arraycopy(floats(variable, out), 0, out, 0, out.length);
  }

  private float[] floats(String variable, float[] other) {
    Type type = program.variable(variable).type();
    if (type.dtype() != DType.F32 || type.length() != other.length) {
      throw new IllegalArgumentException(
          variable + " is " + type + ", got " + other.length + " floats");
    }
    return (float[]) memory.arrays()[place(variable)];
  }

  @Override
  public void save(Snapshot to, int step) {
    for (String v : to.names()) {
      if (to.isEvents(v)) {
        rings.get(v).save(to.events(v), step);
      } else if (layout.scalarVariables().containsKey(v)) {
        ((double[]) to.array(v))[0] = memory.scalars()[layout.scalarVariables().get(v)];
      } else {
        Object array = to.array(v);
        System.arraycopy(memory.arrays()[place(v)], 0, array, 0, Array.getLength(array));
      }
    }
  }

  @Override
  public void restore(Snapshot from, int step) {
    for (String v : from.names()) {
      if (from.isEvents(v)) {
        restore(v, from.events(v), step);
      } else if (layout.scalarVariables().containsKey(v)) {
        memory.scalars()[layout.scalarVariables().get(v)] = ((double[]) from.array(v))[0];
      } else if (layout.variables().containsKey(v)) {
        Object array = from.array(v);
        System.arraycopy(array, 0, memory.arrays()[place(v)], 0, Array.getLength(array));
      }
    }
  }

  private void restore(String variable, Events[] lists, int step) {
    EventRing ring = rings.get(variable);
    if (ring != null) {
      ring.restore(lists, step);
    }
  }

  @Override
  public EventLog log(String variable) {
    EventLog log = logs.get(variable);
    if (log == null) {
      throw new NoSuchElementException(variable + " is not recorded; recorded: " + logs.keySet());
    }
    return log;
  }

  @Override
  public int firstNonFinite(String variable) {
    return memory.firstNonFinite(place(variable), program.variable(variable).type().length());
  }

  @Override
  public long synapses(String rows) {
    return matrices.get(rows).synapses();
  }

  @Override
  public int[] outDegrees(String rows) {
    return matrices.get(rows).outDegrees();
  }

  @Override
  public long bytes() {
    return memory.bytes() + matrices.values().stream().mapToLong(Matrix::bytes).sum();
  }

  @Override
  public double compileSeconds() {
    return compileSeconds;
  }

  @Override
  public void close() {
    team.close();
  }
}
