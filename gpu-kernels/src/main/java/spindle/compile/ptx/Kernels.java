package spindle.compile.ptx;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import spindle.compile.Mode;
import spindle.compile.Schedule;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;

/**
 * A program as PTX.
 *
 * @param text the module
 * @param steps kernels of a step in order, or the only one that runs all steps
 * @param ends kernels that follow the last step of a launch, where it is not one kernel
 * @param arena what they expect in memory
 * @param shape how they are to be launched
 */
public record Kernels(
    String text, List<Kernel> steps, List<Kernel> ends, Arena arena, Shape shape) {
  /** How a program is spread over the device. */
  public enum Shape {
    /** A block per trial runs all steps of a launch, with the state in its shared memory. */
    BLOCK_SHARED,
    /** A block per trial runs all steps of a launch, with the state in global memory. */
    BLOCK,
    /**
     * A cluster of blocks per trial runs all steps of a launch, with the state in global memory,
     * which the cache holds; a barrier of the cluster stands for the end of a kernel. Needs compute
     * capability 9.0.
     */
    CLUSTER,
    /** One trial on the whole device: a kernel per piece of a step. */
    GRID
  }

  /**
   * A kernel.
   *
   * @param elements how many threads have work, 0 where it must be one block
   */
  public record Kernel(String name, int elements) {}

  /** Bytes of shared memory that each block needs beside the state. */
  public static final int SCRATCH = Frame.SCRATCH;

  /** Blocks of a cluster: as many as every device with clusters can have. */
  public static final int CLUSTER_BLOCKS = 8;

  private static final String OLDEST =
      """
      .version 6.0
      .target sm_60
      """;

  /** The first with clusters. */
  private static final String WITH_CLUSTERS =
      """
      .version 7.8
      .target sm_90
      """;

  private static final String HEAD =
      """
      .address_size 64
      .extern .shared .align 16 .b8 memory[];
      """;

  /**
   * Whether the rows of a program are walked anew rather than stored: where that is asked for, and
   * no product needs their synapses by number or in an order in which the walk does not come. Rows
   * that look up what they are take as much memory either way, and are stored.
   */
  public static boolean isRegenerated(Program program, Rows rows) {
    return rows.storage() == Rows.Storage.REGENERATED
        && rows.tables().isEmpty()
        && program.equations().stream()
            .filter(e -> e.name().equals(rows.name()))
            .noneMatch(e -> needsTable(program, rows, e));
  }

  /**
   * Schedules a lowered program for threads. What adds ones counts in whole numbers, as shared
   * memory adds no others at once.
   */
  public static Schedule schedule(Program lowered) {
    Set<String> counted =
        lowered.rows().stream()
            .filter(r -> !r.weighted() && !(r.byPost() && isRegenerated(lowered, r)))
            .map(Rows::name)
            .collect(Collectors.toSet());
    return Schedule.of(lowered, Mode.THREADS, counted);
  }

  private static boolean needsTable(Program program, Rows rows, Equation e) {
    if (e.op() != Op.PROPAGATE) {
      return e.op() == Op.TRANSMIT || e.op() == Op.PAIR;
    }
    boolean along = Direction.of(e) == Direction.ALONG;
    boolean gathered = rows.byPost() == along;
    DType source = program.at(e.args().get(0)).type().dtype();
    boolean ones = along && source == DType.EVENTS && !rows.weighted();
    return gathered && !ones && !Walk.ascends(rows);
  }

  /**
   * Writes a program.
   *
   * @param recorded events variables of which each step is recorded
   */
  public static Kernels of(Schedule schedule, Set<String> recorded, Shape shape) {
    var arrays = new EventArrays(schedule);
    var arena = new Arena(schedule, arrays, recorded);
    boolean oneBlock = shape == Shape.BLOCK_SHARED || shape == Shape.BLOCK;
    List<Piece> pieces = Stages.pieces(schedule, arena, arrays, oneBlock);
    // What is pulled with a recording tells it; without one, nobody asks often.
    List<Piece> ends =
        recorded.isEmpty()
            ? List.of()
            : List.of(new Finite(schedule.program(), schedule.layout(), arena).piece());
    return shape == Shape.GRID ? grid(pieces, ends, arena) : block(pieces, ends, arena, shape);
  }

  private static Kernels grid(List<Piece> pieces, List<Piece> ends, Arena arena) {
    var text = new StringBuilder(OLDEST + HEAD);
    var all = new ArrayList<>(pieces);
    while (all.size() < 2) { // the last sets the counters that the first has read
      all.add(new Piece(Piece.ALONE, Piece.Kind.OTHER, f -> {}));
    }
    var steps = new ArrayList<Kernel>();
    for (int k = 0; k < all.size(); k++) {
      var kernel = new Kernel("piece" + k, all.get(k).elements());
      int next = (k + 1) % all.size();
      text.append(new Entry(arena, Shape.GRID).piece(kernel.name(), all.get(k), k, next));
      steps.add(kernel);
    }
    var last = new ArrayList<Kernel>();
    for (Piece piece : ends) {
      var kernel = new Kernel("end" + last.size(), piece.elements());
      text.append(new Entry(arena, Shape.GRID).end(kernel.name(), piece));
      last.add(kernel);
    }
    return new Kernels(text.toString(), List.copyOf(steps), List.copyOf(last), arena, Shape.GRID);
  }

  private static Kernels block(List<Piece> pieces, List<Piece> ends, Arena arena, Shape shape) {
    String target = shape == Shape.CLUSTER ? WITH_CLUSTERS : OLDEST;
    String text = target + HEAD + new Entry(arena, shape).steps(pieces, ends);
    int most = pieces.stream().mapToInt(Piece::elements).max().orElse(0);
    return new Kernels(text, List.of(new Kernel(Entry.STEPS, most)), List.of(), arena, shape);
  }

  /** Type of the weights of stored rows. */
  public static DType weightType(Rows rows) {
    return Stored.weightType(rows);
  }
}
