package spindle.backend.cpu;

import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Collectors;
import spindle.backend.Arguments;
import spindle.backend.EventLog;
import spindle.backend.Executable;
import spindle.backend.Snapshot;
import spindle.compile.Events;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Lower;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Type;
import spindle.ir.Variable;

/**
 * A program ready to run. It may begin with plain loops, which are soon compiled, and go over to
 * vectors when these are; the bits are the same.
 */
final class CpuExecutable implements Executable {
  private final Program program;
  private final Shared shared;
  private final double compileSeconds;
  private final Plan.Order order;
  private final Plan.Order first;

  /** The rings with room for more events than 16 bits count. */
  private final EventRing[] large;

  private Plan plan;
  private Plan next;
  private boolean waiting;

  /** The plan that stays, but for steps with more events than 16 bits count. */
  private Plan usual;

  /** For these, begun when they first come, so with the loops that are soonest ready. */
  private Plan wide;

  private boolean busy;

  CpuExecutable(Program source, Arguments arguments, CpuBackend backend) {
    long start = System.nanoTime();
    this.program = Lower.of(source);
    var matrices = new HashMap<String, Matrix>();
    for (Rows r : program.rows()) {
      boolean numbered = program.equations().stream().anyMatch(e -> numbers(e, r));
      matrices.put(r.name(), Matrices.of(r, numbered, arguments.scalars(), backend.mode()));
    }
    this.shared =
        new Shared(
            new Team(backend.threads()),
            matrices,
            ByTarget.of(program, matrices),
            new HashMap<>(),
            new HashMap<>(),
            new HashMap<>());
    for (Variable v : program.variables()) {
      if (v.type().dtype() == DType.EVENTS) {
        shared.rings().put(v.name(), new EventRing(v));
      }
    }
    this.large =
        shared.rings().values().stream()
            .filter(r -> r.neurons() > Short.MAX_VALUE)
            .toArray(EventRing[]::new);
    arguments.recorded().forEach(v -> shared.logs().put(v, new EventLog()));
    this.order = new Plan.Order(program, arguments.scalars(), backend.mode());
    this.first = new Plan.Order(program, arguments.scalars(), backend.first());
    this.waiting =
        backend.first() != backend.mode() && !(Rehearsal.isDue() && prepared().isKnown());
    this.plan = waiting ? Plan.of(first, shared, Set.of()) : prepared();
    this.usual = plan;
    this.next = waiting ? next : null;
    this.compileSeconds = (System.nanoTime() - start) * 1e-9 - buildSeconds();
  }

  /** Whether an equation tells the synapses of some rows apart. */
  private static boolean numbers(Equation e, Rows r) {
    return (e.op() == Op.TRANSMIT || e.op() == Op.PAIR) && e.name().equals(r.name());
  }

  /** Rows of which a target may count the events in 16 bits. */
  private Set<String> counted() {
    return shared.matrices().entrySet().stream()
        .filter(m -> m.getValue().counts())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private double buildSeconds() {
    return shared.matrices().values().stream().mapToDouble(Matrix::buildSeconds).sum();
  }

  @Override
  public void run(int from, int steps) {
    for (int step = from; step < from + steps; step++) {
      if (waiting && Rehearsal.isDue() && prepared().isReady()) {
        goOver();
      }
      if (large.length > 0 && usual.layout().hasCounts()) {
        fit(isBusy());
      }
      plan.run(step);
    }
  }

  /** Goes over to sums of floating point where 16 bits may not hold the counts, or back. */
  private void fit(boolean now) {
    if (now == busy) {
      return;
    }
    if (wide == null) {
      wide = Plan.of(first, shared, Set.of());
    }
    Plan other = now ? wide : usual;
    other.take(plan);
    plan = other;
    busy = now;
  }

  private boolean isBusy() {
    int most = 0;
    for (EventRing ring : large) {
      most = Math.max(most, ring.most());
    }
    return most > Short.MAX_VALUE;
  }

  /** The plan to go over to. */
  private Plan prepared() {
    if (next == null) {
      next = Plan.of(order, shared, counted());
    }
    return next;
  }

  /** Whether a second plan is not ready yet. */
  boolean isWaiting() {
    return waiting;
  }

  /** Goes on with the plan to go over to. */
  void goOver() {
    prepared().take(plan);
    plan = next;
    usual = plan;
    busy = false;
    next = null;
    waiting = false;
  }

  @Override
  public void read(String variable, int[] indices, double[] out) {
    program.variable(variable).requireElements(indices);
    EventRing ring = shared.rings().get(variable);
    if (ring != null) {
      for (int k = 0; k < indices.length; k++) {
        out[k] = ring.mask(indices[k]);
      }
      return;
    }
    Integer slot = plan.layout().scalarVariables().get(variable);
    if (slot != null) {
      java.util.Arrays.fill(out, 0, indices.length, plan.memory().scalars()[slot]);
      return;
    }
    int array = place(variable);
    Kept kept = kept(variable);
    for (int k = 0; k < indices.length; k++) {
      out[k] = plan.memory().element(array, kept.place(indices[k]));
    }
  }

  private Kept kept(String variable) {
    ByTarget kept = shared.byTarget().get(variable);
    return kept == null ? Kept.AS_NUMBERED : kept;
  }

  private int place(String variable) {
    Integer array = plan.layout().variables().get(variable);
    if (array == null) {
      throw new NoSuchElementException(program.name() + " has no vector " + variable);
    }
    return array;
  }

  @Override
  public void write(String variable, double[] values) {
    program.variable(variable).requireLength(values.length);
    Type type = program.variable(variable).type();
    EventRing ring = shared.rings().get(variable);
    if (ring != null) {
      ring.write(values);
    } else if (type.isScalar()) {
      plan.memory().scalars()[plan.layout().scalarVariables().get(variable)] =
          spindle.ir.Meaning.round(type.dtype(), values[0]);
    } else {
      int array = place(variable);
      Kept kept = kept(variable);
      for (int k = 0; k < values.length; k++) {
        plan.memory().set(array, kept.place(k), values[k]);
      }
      heedZeros(variable);
    }
  }

  @Override
  public void write(String variable, float[] values) {
    program.variable(variable).requireFloats(values.length);
    put(variable, values);
  }

  @Override
  public void read(String variable, float[] out) {
    program.variable(variable).requireFloats(out.length);
    get(variable, out);
  }

  /** Copies the elements of a vector out, in the order in which the program numbers them. */
  private void get(String variable, Object out) {
    kept(variable).get(plan.memory().arrays()[place(variable)], out);
  }

  private void put(String variable, Object in) {
    kept(variable).put(in, plan.memory().arrays()[place(variable)]);
    heedZeros(variable);
  }

  /** Remembers where a vector that gathers pairs was given a -0. */
  private void heedZeros(String variable) {
    boolean[] any = shared.gathered().get(variable);
    if (any != null) {
      int length = program.variable(variable).type().length();
      any[0] |= Vectors.anyNegativeZero(plan.memory().arrays()[place(variable)], length);
    }
  }

  @Override
  public void save(Snapshot to) {
    for (String v : to.names()) {
      if (to.isEvents(v)) {
        shared.rings().get(v).save(to.events(v));
      } else if (plan.layout().scalarVariables().containsKey(v)) {
        ((double[]) to.array(v))[0] =
            plan.memory().scalars()[plan.layout().scalarVariables().get(v)];
      } else {
        get(v, to.array(v));
      }
    }
  }

  @Override
  public void restore(Snapshot from) {
    from.requireFit(program);
    for (String v : from.names()) {
      if (from.isEvents(v)) {
        restore(v, from.events(v));
      } else if (plan.layout().scalarVariables().containsKey(v)) {
        plan.memory().scalars()[plan.layout().scalarVariables().get(v)] =
            ((double[]) from.array(v))[0];
      } else if (plan.layout().variables().containsKey(v)) {
        put(v, from.array(v));
      }
    }
  }

  private void restore(String variable, Events[] lists) {
    EventRing ring = shared.rings().get(variable);
    if (ring != null) {
      ring.restore(lists);
    }
  }

  @Override
  public EventLog log(String variable) {
    EventLog log = shared.logs().get(variable);
    if (log == null) {
      throw new NoSuchElementException(
          variable + " is not recorded; recorded: " + shared.logs().keySet());
    }
    return log;
  }

  @Override
  public int firstNonFinite(String variable) {
    Type type = program.variable(variable).type();
    if (type.dtype() == DType.EVENTS) {
      return -1;
    }
    if (type.isScalar()) {
      int slot = plan.layout().scalarVariables().get(variable);
      return Double.isFinite(plan.memory().scalars()[slot]) ? -1 : 0;
    }
    int length = type.length();
    int array = place(variable);
    Kept kept = kept(variable);
    if (plan.memory().isFinite(array, kept.size(length))) {
      return -1;
    }
    int k = 0;
    while (Double.isFinite(plan.memory().element(array, kept.place(k)))) {
      k++;
    }
    return k;
  }

  private Matrix matrix(String rows) {
    return shared.matrices().get(program.rows(rows).name());
  }

  @Override
  public long synapses(String rows) {
    return matrix(rows).synapses();
  }

  @Override
  public int[] outDegrees(String rows) {
    return matrix(rows).outDegrees();
  }

  @Override
  public long bytes() {
    // Of the plan that stays: when the one before it ends depends on how soon loops are compiled.
    Plan last = waiting ? prepared() : usual;
    return last.bytes() + shared.matrices().values().stream().mapToLong(Matrix::bytes).sum();
  }

  @Override
  public long bytes(String rows) {
    return matrix(rows).bytes();
  }

  @Override
  public double compileSeconds() {
    return compileSeconds;
  }

  @Override
  public void close() {
    shared.team().close();
  }
}
