package spindle.sweep;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import spindle.task.Conflict;
import spindle.task.Settings;
import spindle.task.Task;
import spindle.task.Value;

/**
 * A plan that computes every trial from its index: its memory is that of the axes, whatever the
 * number of trials.
 *
 * <p>Indices count all combinations, so they have gaps where {@code where} removed one.
 */
public final class LazyPlan implements Plan {
  /** For where something lies: what it holds is the same wherever it was found. */
  private static final Value NOWHERE = new Value.Word("");

  private final Sweep sweep;
  private final Space space;
  private final Filter filter;
  private final Pins pins;
  private long kept = -1;
  private String planId = "";

  LazyPlan(Sweep sweep, Task task) {
    this.sweep = sweep;
    pins = new Pins(task);
    space = new Space(sweep.axes(), sweep.selection().sampling());
    filter = new Filter(sweep.fixed(), sweep.axes(), sweep.selection());
    Math.multiplyExact(space.cells(), (long) sweep.replicates().n());
  }

  /**
   * The plan of a sweep.
   *
   * @param task the model of the sweep
   * @throws ArithmeticException if it has more than 2^63 - 1 trials
   */
  public static LazyPlan of(Sweep sweep, Task task) {
    return new LazyPlan(sweep, task);
  }

  @Override
  public Sweep sweep() {
    return sweep;
  }

  /** Number of combinations before {@code where}. */
  public long combinations() {
    return space.cells();
  }

  /** Number of combinations that are run. */
  public synchronized long configurations() {
    if (kept < 0) {
      kept = count(sweep, sweep.selection());
    }
    return kept;
  }

  @Override
  public long size() {
    return configurations() * sweep.replicates().n();
  }

  /** The plan's name; one pass over the trials at the first call. */
  @Override
  public synchronized String planId() {
    if (planId.isEmpty()) {
      var identity = identity();
      var sum = BigInteger.ZERO;
      for (Iterator<PlannedTrial> trials = trials(); trials.hasNext(); ) {
        sum = identity.add(sum, trials.next());
      }
      planId = identity.planId(sum);
    }
    return planId;
  }

  @Override
  public Iterator<PlannedTrial> trials() {
    return new Walk(0, space.cells(), 1);
  }

  /** The trials in reverse order. */
  public Iterator<PlannedTrial> backwards() {
    return new Walk(space.cells() - 1, -1, -1);
  }

  @Override
  public Settings settings(PlannedTrial trial) {
    Settings plain = sweep.fixed().with(parameters(trial));
    return plain.with(pins.of(plain).values());
  }

  /** Why the trial cannot use what its settings name outside the sweep. */
  List<Conflict> conflicts(PlannedTrial trial) {
    return pins.of(sweep.fixed().with(parameters(trial))).conflicts();
  }

  private Identity identity() {
    var varying = new LinkedHashSet<>(filter.varying());
    varying.addAll(pins.names());
    return new Identity(sweep, List.copyOf(varying));
  }

  /** What names a point: its parameters, and by its content what they name outside the sweep. */
  private Map<String, Value> named(Value[] point) {
    Map<String, Value> parameters = filter.parameters(point);
    Map<String, Value> found = pins.of(sweep.fixed().with(parameters)).values();
    if (!found.isEmpty()) {
      pins.names().forEach(name -> parameters.put(name, NOWHERE));
      parameters.putAll(found);
    }
    return parameters;
  }

  /** The swept and derived parameters of a trial, axes first in file order. */
  public Map<String, Value> parameters(PlannedTrial trial) {
    return filter.parameters(space.point(trial.index() / sweep.replicates().n()));
  }

  /** Whether a parameter of the task is computed by {@code derive}. */
  boolean derives(String parameter) {
    return sweep.selection().derive().stream().anyMatch(d -> d.name().equals(parameter));
  }

  /**
   * How many combinations a selection keeps.
   *
   * <p>Conditions often look at few axes; then only the points of these are visited.
   */
  static long count(Sweep sweep, Selection selection) {
    var space = new Space(sweep.axes(), selection.sampling());
    var filter = new Filter(sweep.fixed(), sweep.axes(), selection);
    if (filter.keepsAll()) {
      return space.cells();
    }
    Space part = space.of(filter.names());
    Filter conditions = filter.over(part.axes(), selection);
    long count = 0;
    for (long cell = 0; cell < part.cells(); cell++) {
      count += conditions.keeps(part.point(cell)) ? 1 : 0;
    }
    return count * (space.cells() / part.cells());
  }

  /** Walks over the points that are kept, replicates innermost. */
  private final class Walk implements Iterator<PlannedTrial> {
    private final int replicates = sweep.replicates().n();
    private final Identity identity = identity();
    private final long end;
    private final int direction;
    private long cell;
    private int done;
    private String configId = "";
    private String seedId = "";

    Walk(long begin, long end, int direction) {
      this.cell = begin;
      this.end = end;
      this.direction = direction;
      settle();
    }

    @Override
    public boolean hasNext() {
      return cell != end;
    }

    @Override
    public PlannedTrial next() {
      if (cell == end) {
        throw new NoSuchElementException("the plan has no more trials");
      }
      int replicate = direction > 0 ? done : replicates - 1 - done;
      var trial = identity.trial(cell * replicates + replicate, configId, seedId, replicate);
      if (++done == replicates) {
        done = 0;
        cell += direction;
        settle();
      }
      return trial;
    }

    /** Moves to the next point that is kept, if this one is not. */
    private void settle() {
      while (cell != end) {
        Value[] point = space.point(cell);
        if (filter.keeps(point)) {
          Map<String, Value> parameters = named(point);
          configId = identity.configId(parameters);
          seedId = identity.seedId(parameters);
          return;
        }
        cell += direction;
      }
    }
  }
}
