package spindle.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import spindle.ir.Lower;
import spindle.ir.Program;
import spindle.ir.Table;
import spindle.ir.Type;

/**
 * An elementwise program ready to run on the first elements of its vectors, with memory of its own:
 * used by one thread at a time.
 */
final class Sheet {
  /** Elements are run in whole vectors of every lane count, and in whole words of marks. */
  private static final int PADDING = 64;

  private final Layout layout;
  private final Map<String, Integer> variables;
  private final Map<String, Integer> scalarVariables;

  /** By number, and behind them the counts. */
  private final Object[] arrays;

  private final double[] scalars;
  private final List<Stage> stages;
  private final Kernel[][] kernels;

  /** What the loops of a stage have marked. */
  private final Events[][] marked;

  private final Map<String, Events> events = new HashMap<>();

  /**
   * What a sheet reads and never writes.
   *
   * @param scalars by parameter
   * @param tables by variable
   */
  record Inputs(Map<String, Double> scalars, Map<String, Table> tables) {}

  /**
   * @param program of elementwise operations on vectors of one length, of gathers from tables and,
   *     for vectors, of lists of where a mask is set
   * @throws IllegalArgumentException if an argument is missing
   */
  Sheet(Program program, Inputs inputs, Mode mode) {
    this(program, inputs, mode, Tallied.NONE);
  }

  /**
   * What is counted when it is replaced.
   *
   * @param variables of integers
   * @param type of the counts
   */
  record Tallied(List<String> variables, Counts type) {
    static final Tallied NONE = new Tallied(List.of(), Counts.FLOATS);
  }

  /** The same; what each run replaces it counts first, {@link #countIn}. */
  Sheet(Program program, Inputs inputs, Mode mode, Tallied tallied) {
    Schedule schedule = Schedule.of(Lower.of(program), mode);
    this.layout = schedule.layout();
    this.variables = layout.variables();
    this.scalarVariables = layout.scalarVariables();
    this.stages = schedule.stages().stream().map(s -> tallying(s, tallied)).toList();
    requireCounted(tallied);
    this.arrays = arrays(layout, inputs.tables());
    this.scalars = new double[layout.slotCount()];
    Constants constants = Constants.of(schedule.program(), inputs.scalars());
    layout
        .slots()
        .forEach(
            (place, slot) -> {
              if (constants.known()[place]) {
                scalars[slot] = constants.values()[place];
              }
            });
    this.kernels = new Kernel[stages.size()][];
    this.marked = new Events[stages.size()][];
    for (int s = 0; s < kernels.length; s++) {
      kernels[s] = kernels(stages.get(s));
      marked[s] = marked(stages.get(s));
      if (stages.get(s) instanceof Stage.Keep k) {
        events.put(k.variable(), (Events) arrays[k.events()]);
      }
    }
  }

  private void requireCounted(Tallied tallied) {
    long counted =
        stages.stream()
            .filter(Stage.Loops.class::isInstance)
            .flatMap(s -> ((Stage.Loops) s).loops().stream())
            .mapToLong(l -> l.tallies().arrays().size())
            .sum();
    if (counted != tallied.variables().size()) {
      throw new IllegalStateException("no loop stores all of " + tallied.variables());
    }
  }

  /** The stage that also counts those of the variables that it stores. */
  private Stage tallying(Stage stage, Tallied tallied) {
    if (!(stage instanceof Stage.Loops s)) {
      return stage;
    }
    var loops = new ArrayList<Loop>(s.loops());
    for (String variable : tallied.variables()) {
      int array = variables.get(variable);
      int last = 0;
      while (last < loops.size() && !loops.get(last).stores().containsValue(array)) {
        last++;
      }
      if (last < loops.size()) {
        int best = longest(loops, last);
        loops.set(best, loops.get(best).tallying(array, tallied.type()));
      }
    }
    return new Stage.Loops(s.length(), s.mode(), loops);
  }

  /** The loop up to the last in which counting costs the least: the longest that does not count. */
  private static int longest(List<Loop> loops, int last) {
    int best = last;
    for (int l = 0; l < last; l++) {
      boolean free = loops.get(l).tallies().arrays().isEmpty();
      if (free && loops.get(l).equations().size() > loops.get(best).equations().size()) {
        best = l;
      }
    }
    return best;
  }

  /** Sets the array of counts. */
  void countIn(Object counts) {
    arrays[arrays.length - 1] = counts;
  }

  private Kernel[] kernels(Stage stage) {
    return stage instanceof Stage.Loops s
        ? s.loops().stream().map(l -> Jvm.kernel(l, layout, s.mode())).toArray(Kernel[]::new)
        : new Kernel[0];
  }

  private Events[] marked(Stage stage) {
    return stage instanceof Stage.Loops s
        ? s.loops().stream()
            .flatMap(l -> l.collects().values().stream())
            .map(a -> (Events) arrays[a])
            .toArray(Events[]::new)
        : new Events[0];
  }

  private Object[] arrays(Layout layout, Map<String, Table> tables) {
    int count = layout.arrays().size();
    var arrays = new Object[count + 1];
    layout
        .variables()
        .forEach((v, a) -> arrays[a] = tables.containsKey(v) ? tables.get(v).shared() : null);
    for (int a = 0; a < count; a++) {
      arrays[a] = arrays[a] == null ? allocate(layout.arrays().get(a)) : arrays[a];
    }
    return arrays;
  }

  private Object allocate(Type type) {
    int length = padded(type.length());
    return switch (type.dtype()) {
      case F32 -> new float[length];
      case F64 -> new double[length];
      case I32 -> new int[length];
      case EVENTS -> {
        var list = new Events(length);
        list.makeMarks(length);
        yield list;
      }
    };
  }

  /** The smallest multiple of the padding that holds so many elements. */
  static int padded(int count) {
    return (count + PADDING - 1) / PADDING * PADDING;
  }

  /** Sets a scalar variable. */
  void set(String variable, double value) {
    Integer slot = scalarVariables.get(variable);
    if (slot != null) {
      scalars[slot] = value;
    }
  }

  /** The array of a vector variable, null if there is none. */
  Object find(String variable) {
    Integer array = variables.get(variable);
    return array == null ? null : arrays[array];
  }

  /** What a variable of events has become: behind the last element, anything. */
  Events events(String variable) {
    return events.get(variable);
  }

  /**
   * Computes elements {@code [from, to)}, {@code from} a multiple of the padding; those of the
   * padding behind {@code to} are computed and counted as well.
   */
  void run(int from, int to) {
    int extent = padded(to);
    for (int s = 0; s < kernels.length; s++) {
      Stage stage = stages.get(s);
      if (stage instanceof Stage.Copy c) {
        System.arraycopy(arrays[c.from()], from, arrays[c.to()], from, extent - from);
      } else if (stage instanceof Stage.Loops l) {
        boolean scalar = l.length() == Type.SCALAR;
        for (Kernel k : kernels[s]) {
          k.run(arrays, scalars, scalar ? 0 : from, scalar ? 0 : extent);
        }
        for (Events list : marked[s]) {
          list.clear();
          list.addMarks(from, extent);
        }
      } else if (stage instanceof Stage.Pick p) {
        pick(arrays[p.vector()], (int[]) arrays[p.index()], arrays[p.target()], from, extent);
      } else if (stage instanceof Stage.Collect c) {
        var list = (Events) arrays[c.events()];
        list.clear();
        list.addOnes((float[]) arrays[c.mask()], from, extent);
      } else if (!(stage instanceof Stage.Keep)) {
        throw new IllegalStateException("not elementwise: " + stage);
      }
    }
  }

  private static void pick(Object table, int[] index, Object target, int from, int to) {
    if (table instanceof int[] v) {
      var out = (int[]) target;
      for (int i = from; i < to; i++) {
        out[i] = v[index[i]];
      }
      return;
    }
    var v = (float[]) table;
    var out = (float[]) target;
    for (int i = from; i < to; i++) {
      out[i] = v[index[i]];
    }
  }
}
