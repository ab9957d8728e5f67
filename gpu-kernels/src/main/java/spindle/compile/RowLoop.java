package spindle.compile;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import spindle.ir.Lower;
import spindle.ir.Program;
import spindle.ir.Rows;

/**
 * Rows ready to walk, with scratch memory: used by one thread at a time.
 *
 * <p>Many rows are walked together, since single ones are too short for vector instructions: their
 * row values, then the draws of all their turns, then the walk from draw to draw, then the details
 * of all their synapses. A row that needs more draws than expected gets them before the next row
 * begins, so rows come in order. Where the order does not matter and there are vectors, rows are
 * walked in {@link Lockstep} instead.
 */
public final class RowLoop {
  /** Elements of a target that counting needs for itself. */
  public static final int SPILLS = LateCount.SPILLS;

  /** Rows and draws computed together: their arrays stay in the L2 cache. */
  private static final int MOST_ROWS = 512;

  private static final int MOST_DRAWS = 4096;

  /** Draws that one of many rows gets when its first ones did not suffice. */
  private static final int MORE_DRAWS = 64;

  private static final int DETAILS = 2048;
  private final RowParts parts;
  private final RowKernel kernel;
  private final Sheet rows;
  private final Sheet draws;
  private final Sheet details;
  private final Object[] values;
  private final Object[] drawn;
  private final Object[][] spread;
  private final Object[][] detailSpread;
  private final int[] turns;
  private final int[] cursors;
  private final List<Double> arguments;
  private final int width;
  private final int longest;
  private final boolean detailed;

  /** Makes walks in step, where rows can be walked so, that count columns or only show them. */
  private final Optional<Function<Optional<Counts>, Lockstep>> inStep;

  private final int[] at = new int[6];
  private final int[] ends = new int[MOST_ROWS];
  private int[] columns = new int[MOST_DRAWS];
  private Object weights;
  private double expected = 16;
  private int perRow;
  private int moreDraws;
  private int numbered;

  /**
   * @param source as a connectivity gives it
   * @param scalars values of the rows' parameters
   * @param mode how loops over draws and synapses are written
   * @throws IllegalArgumentException if one is missing
   */
  public RowLoop(Rows source, Map<String, Double> scalars, Mode mode) {
    this.parts = RowParts.of(source.with(Lower.of(source.body())));
    this.kernel = Jvm.rows(parts);
    Program drawing = parts.drawProgram(MOST_DRAWS + MORE_DRAWS);
    // A draw is longer than what such compilers are good at in plain loops.
    Mode sheets = mode == Mode.LONG ? Mode.VECTOR : mode;
    var inputs = new Sheet.Inputs(scalars, source.tables());
    this.rows = new Sheet(parts.rowProgram(MOST_ROWS), inputs, sheets);
    this.draws = new Sheet(drawing, inputs, sheets);
    this.details = new Sheet(parts.detailProgram(DETAILS), inputs, sheets);
    this.values = arrays(rows, parts.readByWalk(RowParts.ROW));
    this.drawn = arrays(draws, parts.readByWalk(RowParts.TURN));
    this.spread = pairs(parts.spreadToDraws(), draws);
    this.detailSpread = pairs(parts.spreadToDetails(), details);
    this.turns = (int[]) draws.find(RowParts.TURNS);
    this.cursors = (int[]) draws.find(RowParts.CURSORS);
    this.arguments = arguments(source, scalars);
    this.width = source.columns();
    this.longest = source.longest();
    this.detailed = parts.detailed();
    this.inStep =
        parts.inStep() && sheets == Mode.VECTOR
            ? Optional.of(counts -> new Lockstep(parts, rows, inputs, sheets, counts))
            : Optional.empty();
    this.weights = parts.weighted() ? grown(details.find(Rows.WEIGHT), MOST_DRAWS) : null;
  }

  private static Object[] arrays(Sheet sheet, List<Integer> places) {
    return places.stream().map(i -> sheet.find(RowParts.name(i))).toArray();
  }

  /** For each place, the array of row values and the array that takes one per element. */
  private Object[][] pairs(List<Integer> places, Sheet sheet) {
    return places.stream()
        .map(RowParts::name)
        .map(n -> new Object[] {rows.find(n), sheet.find(n)})
        .toArray(Object[][]::new);
  }

  private static List<Double> arguments(Rows source, Map<String, Double> scalars) {
    Set<String> own = Set.of(Rows.ROW, Rows.CHUNK, Rows.K, Rows.CURSOR);
    return source.body().parameters().keySet().stream()
        .filter(p -> !own.contains(p))
        .map(scalars::get)
        .toList();
  }

  /** Values of the rows' parameters, in alphabetical order. */
  public List<Double> arguments() {
    return arguments;
  }

  /** Whether synapses have weights of their own. */
  public boolean weighted() {
    return parts.weighted();
  }

  /**
   * Adds 1 to {@code target} at each column.
   *
   * @param target {@code float[]}, {@code double[]} or {@code short[]}
   * @param spill the first of {@link #SPILLS} elements behind the columns for what does not count,
   *     of this loop alone
   */
  public RowWalk count(Object target, int spill) {
    if (inStep.isEmpty()) {
      return (wanted, from, to, chunk) -> count(wanted, from, to, chunk, target);
    }
    Lockstep lockstep = inStep.get().apply(Optional.of(Counts.of(target)));
    var late = new LateCount(target, width, spill);
    lockstep.countBy(late);
    return walk(lockstep, late);
  }

  private void count(int[] wanted, int from, int to, int chunk, Object target) {
    for (int begin = from; begin < to; ) {
      int lanes = draw(wanted, begin, to, chunk);
      int lane = 0;
      while (lane < lanes) {
        lane = count(lane, lanes, perRow, target);
        for (int unfinished = lane; lane < lanes && lane == unfinished; ) {
          more(lane, lanes);
          lane = count(lane, lane + 1, moreDraws, target);
        }
      }
      learn((double) at[RowKernel.TURNED] / lanes);
      begin += lanes;
    }
  }

  /**
   * {@code target[row] += x[column]} in the order of a row's columns, without listing them; empty
   * where that is not to be had.
   */
  public Optional<RowWalk> gather(float[] x, float[] target) {
    LaneVisitor gather = LaneVisitor.gather(x, target, Lockstep.LANES);
    return inStep.map(make -> walk(make.apply(Optional.empty()), gather));
  }

  private RowWalk walk(Lockstep lockstep, LaneVisitor visitor) {
    return (wanted, from, to, chunk) -> {
      for (int begin = from; begin < to; begin += MOST_ROWS) {
        int count = Math.min(MOST_ROWS, to - begin);
        prepare(wanted, begin, count, chunk);
        if (begin == from) {
          lockstep.begin(chunk);
        }
        lockstep.take(count, visitor);
      }
      lockstep.finish(visitor);
    };
  }

  private int count(int lane, int lanes, int budget, Object target) {
    if (target instanceof short[] s) {
      return kernel.count(lane, lanes, budget, at, values, drawn, s);
    }
    return target instanceof float[] f
        ? kernel.count(lane, lanes, budget, at, values, drawn, f)
        : kernel.count(lane, lanes, budget, at, values, drawn, (double[]) target);
  }

  /**
   * Gives some rows, in order. Columns of rows with delays are counted once per delay, the longest
   * first: column j is {@code (longest - delay) * columns + j}.
   */
  public void visit(int[] wanted, int from, int to, int chunk, RowVisitor visitor) {
    for (int begin = from; begin < to; ) {
      int lanes = draw(wanted, begin, to, chunk);
      for (int lane = 0; lane < lanes; lane++) {
        list(lane, lanes);
        ends[lane] = at[RowKernel.LISTED];
      }
      learn((double) at[RowKernel.TURNED] / lanes);
      if (detailed) {
        detail(lanes);
      }
      for (int lane = 0; lane < lanes; lane++) {
        int start = lane == 0 ? 0 : ends[lane - 1];
        visitor.row(wanted[begin + lane], columns, start, ends[lane], weights, start);
      }
      begin += lanes;
    }
  }

  /**
   * Synapses per presynaptic neuron, walked and not kept.
   *
   * @param source the rows that this was made of
   */
  public int[] outDegrees(Rows source) {
    var degrees = new int[source.pre()];
    int[] all = IntStream.range(0, source.rows()).toArray();
    RowVisitor count =
        source.byPost()
            ? (row, columns, from, to, w, first) -> {
              for (int k = from; k < to; k++) {
                degrees[columns[k] % degrees.length]++;
              }
            }
            : (row, columns, from, to, w, first) -> degrees[row] += to - from;
    for (int chunk = 0; chunk < source.chunks(); chunk++) {
      visit(all, 0, all.length, chunk, count);
    }
    return degrees;
  }

  private void list(int lane, int lanes) {
    reserve(perRow);
    int next = kernel.list(lane, lane + 1, perRow, at, values, drawn, columns);
    while (next == lane) {
      more(lane, lanes);
      reserve(moreDraws);
      next = kernel.list(lane, lane + 1, moreDraws, at, values, drawn, columns);
    }
  }

  private void reserve(int more) {
    if (at[RowKernel.LISTED] + more > columns.length) {
      columns = Arrays.copyOf(columns, Math.max(2 * columns.length, columns.length + more));
    }
  }

  /** Computes the values and first draws of as many rows as fit; returns how many. */
  private int draw(int[] wanted, int from, int to, int chunk) {
    int lanes = Math.min(MOST_ROWS, to - from);
    perRow = MOST_DRAWS;
    if (drawn.length > 0) {
      perRow = (int) Math.min(MOST_DRAWS, expected + 2 * Math.sqrt(expected) + 1);
      lanes = Math.min(lanes, MOST_DRAWS / perRow);
    }
    moreDraws = lanes == 1 ? perRow : MORE_DRAWS;
    prepare(wanted, from, lanes, chunk);
    draws.set(Rows.CHUNK, chunk);
    details.set(Rows.CHUNK, chunk);
    if (drawn.length > 0) {
      numberTurns();
      for (int lane = 0; lane < lanes; lane++) {
        int first = cursors == null ? 0 : kernel.first(lane, values);
        layOut(lane, lane * perRow, perRow, first);
      }
      draws.run(0, lanes * perRow);
    }
    at[RowKernel.RESUME] = 0;
    at[RowKernel.LISTED] = 0;
    at[RowKernel.TURNED] = 0;
    return lanes;
  }

  /** Computes the values of some rows. */
  private void prepare(int[] wanted, int from, int lanes, int chunk) {
    System.arraycopy(wanted, from, (int[]) rows.find(RowParts.ROWS), 0, lanes);
    rows.set(Rows.CHUNK, chunk);
    rows.run(0, lanes);
  }

  /** Numbers the first draws of all rows; while rows keep their length nothing changes. */
  private void numberTurns() {
    if (turns == null || numbered == perRow) {
      return;
    }
    for (int from = 0; from + perRow <= MOST_DRAWS; from += perRow) {
      ascend(turns, from, perRow, 0);
    }
    numbered = perRow;
  }

  /** Makes more draws for the row that ran out of them. */
  private void more(int lane, int lanes) {
    int offset = lanes == 1 ? 0 : MOST_DRAWS;
    if (drawn.length > 0) {
      if (turns != null) {
        ascend(turns, offset, moreDraws, at[RowKernel.NUMBER]);
        numbered = lanes == 1 ? -1 : numbered;
      }
      layOut(lane, offset, moreDraws, at[RowKernel.CURSOR]);
      draws.run(offset, offset + moreDraws);
    }
    at[RowKernel.RESUME] = 1;
    at[RowKernel.OFFSET] = offset;
  }

  /** Lays out what the draws of one row read. */
  private void layOut(int lane, int from, int count, int cursor) {
    for (Object[] pair : spread) {
      spread(pair[0], lane, pair[1], from, from + count);
    }
    if (cursors != null) {
      ascend(cursors, from, count, cursor);
    }
  }

  private static void ascend(int[] to, int from, int count, int first) {
    int shift = first - from;
    for (int e = from; e < from + count; e++) {
      to[e] = e + shift;
    }
  }

  private static void spread(Object values, int lane, Object to, int from, int end) {
    if (values instanceof int[] i) {
      Arrays.fill((int[]) to, from, end, i[lane]);
    } else if (values instanceof float[] f) {
      Arrays.fill((float[]) to, from, end, f[lane]);
    } else {
      Arrays.fill((double[]) to, from, end, ((double[]) values)[lane]);
    }
  }

  /** Computes the weights and delays of all synapses listed. */
  private void detail(int lanes) {
    int total = at[RowKernel.LISTED];
    var columnsIn = (int[]) details.find(RowParts.COLUMNS);
    Object out = details.find(Rows.WEIGHT);
    weights = out == null ? null : grown(weights, total);
    int lane = 0;
    for (int from = 0; from < total; from += DETAILS) {
      int to = Math.min(total, from + DETAILS);
      System.arraycopy(columns, from, columnsIn, 0, to - from);
      while (ends[lane] <= from) {
        lane++;
      }
      for (int l = lane; l < lanes && (l == 0 ? 0 : ends[l - 1]) < to; l++) {
        number(l, from, to);
      }
      details.run(0, to - from);
      if (out != null) {
        System.arraycopy(out, 0, weights, from, to - from);
      }
      if (longest > 1) {
        delay((int[]) details.find(Rows.DELAY), from, to);
      }
    }
  }

  private void delay(int[] delays, int from, int to) {
    for (int k = from; k < to; k++) {
      columns[k] += (longest - delays[k - from]) * width;
    }
  }

  /** Lays out what the details of one row's part of {@code [from, to)} read. */
  private void number(int lane, int from, int to) {
    int begin = lane == 0 ? 0 : ends[lane - 1];
    int first = Math.max(from, begin);
    int end = Math.min(to, ends[lane]);
    for (Object[] pair : detailSpread) {
      spread(pair[0], lane, pair[1], first - from, end - from);
    }
    var numbers = (int[]) details.find(RowParts.NUMBERS);
    if (numbers != null) {
      ascend(numbers, first - from, end - first, first - begin);
    }
  }

  private static Object grown(Object like, int length) {
    if (like instanceof float[] f) {
      return f.length >= length ? f : new float[Math.max(length, 2 * f.length)];
    }
    var d = (double[]) like;
    return d.length >= length ? d : new double[Math.max(length, 2 * d.length)];
  }

  /** Guesses the turns of the next rows from the last ones. */
  private void learn(double turns) {
    expected += 0.1 * (turns - expected);
  }
}
