package spindle.compile;

import java.util.List;
import java.util.Map;
import spindle.ir.Lower;
import spindle.ir.Rows;

/** Rows ready to walk, with scratch memory: used by one thread at a time. */
public final class RowLoop {
  private static final int LANES = 16;

  private final RowKernel kernel;
  private final Kernel[] draws;
  private final Object[] arrays;
  private final double[] values;
  private final double[] parameters;
  private final int[] at = new int[2];
  private final int baseSlot;
  private double expected = LANES;

  /**
   * @param rows as a connectivity gives them
   * @param arguments values of the rows' parameters
   * @throws IllegalArgumentException if one is missing
   */
  public RowLoop(Rows rows, Map<String, Double> arguments, Mode mode) {
    var lowered =
        new Rows(
            rows.name(),
            rows.rows(),
            rows.columns(),
            rows.chunks(),
            rows.byPost(),
            rows.storage(),
            Lower.of(rows.body()));
    RowPlan plan = RowPlan.of(lowered, mode);
    this.kernel = Jvm.rows(plan);
    Layout layout = plan.draws().layout();
    this.draws = kernels(plan.draws().stages(), layout);
    this.arrays = layout.arrays().stream().map(RowLoop::array).toArray();
    this.values = new double[plan.slots()];
    this.baseSlot = plan.baseSlot();
    this.parameters = plan.parameters().stream().mapToDouble(p -> argument(p, arguments)).toArray();
  }

  private static Kernel[] kernels(List<Stage> stages, Layout layout) {
    return stages.stream()
        .map(s -> (Stage.Loops) s)
        .flatMap(s -> s.loops().stream().map(l -> Jvm.kernel(l, layout, s.mode())))
        .toArray(Kernel[]::new);
  }

  private static Object array(spindle.ir.Type type) {
    return switch (type.dtype()) {
      case F32 -> new float[type.length()];
      case F64 -> new double[type.length()];
      case I32 -> new int[type.length()];
      case EVENTS -> throw new IllegalArgumentException("draws hold no events");
    };
  }

  private static double argument(String name, Map<String, Double> arguments) {
    Double value = arguments.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no argument " + name);
    }
    return value;
  }

  /** Values of the rows' parameters, in alphabetical order. */
  public List<Double> arguments() {
    return java.util.Arrays.stream(parameters).boxed().toList();
  }

  /** Adds each synapse's weight, 1 where rows have none, to {@code target} at its column. */
  public void add(int row, int chunk, float[] target) {
    int count = begin(row, chunk);
    int base = 0;
    while (!kernel.add(at, base, count, values, arrays, target)) {
      base += count;
      count = draw(base, LANES);
    }
    learn();
  }

  /** Adds each synapse's weight, 1 where rows have none, to {@code target} at its column. */
  public void add(int row, int chunk, double[] target) {
    int count = begin(row, chunk);
    int base = 0;
    while (!kernel.add(at, base, count, values, arrays, target)) {
      base += count;
      count = draw(base, LANES);
    }
    learn();
  }

  /** Lists the columns of a row inside a chunk, with their weights if they have any. */
  public void list(int row, int chunk, Synapses out) {
    int count = begin(row, chunk);
    int base = 0;
    while (!kernel.list(at, base, count, values, arrays, out)) {
      base += count;
      count = draw(base, LANES);
    }
    learn();
  }

  private int begin(int row, int chunk) {
    kernel.begin(row, chunk, parameters, values, at);
    return draw(0, (int) expected);
  }

  /** Makes the draws of at least {@code wish} synapses from {@code base} on, in whole vectors. */
  private int draw(int base, int wish) {
    if (draws.length == 0) {
      return Integer.MAX_VALUE - base;
    }
    int count = Math.min(RowParts.BLOCK, (wish + LANES - 1) / LANES * LANES);
    values[baseSlot] = base;
    for (Kernel k : draws) {
      k.run(arrays, values, 0, count);
    }
    return count;
  }

  /** Guesses the length of the next row from the last ones, so that one block mostly suffices. */
  private void learn() {
    expected += 0.02 * (1.1 * at[0] + 2 - expected);
  }
}
