package spindle.backend.cpu;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import spindle.backend.cpu.Tiles.Part;
import spindle.compile.Needs;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Type;
import spindle.ir.Update;

/**
 * Weights of a full matrix that are kept by target. Where a program does nothing with them but
 * multiply one way, its targets then lie side by side for the lanes of the processor's vectors.
 * Each sum is added up in the same order.
 *
 * <p>They lie in strips of {@link RowSums#STRIP} targets, source by source in each, the last filled
 * up with 0. For a vector some strips are read side by side: each is a stream, and the sums stay in
 * registers. For a batch a strip stays in the cache until all members are multiplied.
 *
 * @param direction of the products
 * @param targets number of neurons that they end at
 * @param sources number of neurons that they begin at
 */
record ByTarget(Direction direction, int targets, int sources) implements Kept {
  /** Elements that an array may have, so that there is room for what comes behind them. */
  private static final long LARGEST = Integer.MAX_VALUE - (1 << 16);

  /** Elements for a vector, any share of them 0, where there are few targets: 4 MiB. */
  private static final long SMALL = 1 << 20;

  /** Sources below which to transpose the sums of a batch takes longer than strips save. */
  private static final int FEW = 256;

  /** The variables of a lowered program that are kept so, by name. */
  static Map<String, ByTarget> of(Program p, Map<String, Matrix> matrices) {
    if (p.equations().stream().noneMatch(e -> e.op() == Op.TRANSMIT)) {
      return Map.of(); // nothing to look for while a process starts
    }
    var kept = new HashMap<String, ByTarget>();
    uses(p, matrices)
        .forEach(
            (variable, uses) -> {
              if (uses.size() == 1) {
                uses.iterator().next().ifPresent(use -> kept.put(variable, use));
              }
            });
    return kept;
  }

  /** As what each variable is used: empty for whatever needs it as the program numbers it. */
  private static Map<String, Set<Optional<ByTarget>>> uses(
      Program p, Map<String, Matrix> matrices) {
    var uses = new HashMap<String, Set<Optional<ByTarget>>>();
    int[] masks = Needs.of(p);
    for (int i = 0; i < p.equations().size(); i++) {
      Equation e = p.at(i);
      for (int k = 0; k < e.args().size(); k++) {
        // Of a product that is needed here and there only the rows that are needed are read.
        boolean weights = e.op() == Op.TRANSMIT && k == 1 && masks[i] == Needs.ALL;
        Equation operand = p.at(e.args().get(k));
        if (operand.op() == Op.LOAD) {
          add(uses, operand.name(), weights ? use(p, e, matrices) : Optional.empty());
        }
      }
    }
    for (Update u : p.updates()) {
      add(uses, u.variable(), Optional.empty());
      add(uses, p.at(u.value()).name(), Optional.empty()); // if it is a copy
    }
    return uses;
  }

  private static void add(
      Map<String, Set<Optional<ByTarget>>> uses, String variable, Optional<ByTarget> use) {
    uses.computeIfAbsent(variable, v -> new HashSet<>()).add(use);
  }

  /** As what a product uses its weights. */
  private static Optional<ByTarget> use(Program p, Equation e, Map<String, Matrix> matrices) {
    Rows rows = p.rows(e.name());
    Type x = p.at(e.args().get(0)).type();
    Type weights = p.at(e.args().get(1)).type();
    Direction direction = Direction.of(e);
    int batch = direction.batch(rows, x.length());
    boolean suits =
        matrices.get(e.name()) instanceof StoredMatrix m
            && m.isFull()
            && (direction == Direction.AGAINST || x.dtype() == DType.F32) // events are marked
            && e.type().dtype() == DType.F32
            && weights.length() == m.synapses();
    var use = new ByTarget(direction, direction.targets(rows), direction.sources(rows));
    return suits && use.isFaster(batch) && use.fits(batch) ? Optional.of(use) : Optional.empty();
  }

  /**
   * Members that fill the lanes themselves are faster with weights as numbered where there are few
   * sources, since targets in the lanes are transposed in the end. Along, so is a vector.
   */
  private boolean isFaster(int batch) {
    return batch == 1 ? !along() : batch < Tiles.LANES || sources >= FEW;
  }

  /**
   * Whether an array can hold them, and not mostly what fills up a strip of few targets, and shares
   * begin at strips. What fills up is multiplied as well: for a batch, that is time.
   */
  boolean fits(int batch) {
    long weights = (long) targets * sources;
    long most = batch == 1 ? Math.max(SMALL, 4 * weights) : weights + weights / 4;
    return Share.ALIGNMENT % RowSums.STRIP == 0 && elements() <= Math.min(LARGEST, most);
  }

  private long elements() {
    return Memory.LINE + (long) RowSums.strips(targets) * RowSums.STRIP * sources;
  }

  @Override
  public int size(int elements) {
    return Math.toIntExact(elements());
  }

  @Override
  public int place(int synapse) {
    int target = along() ? synapse % targets : synapse / sources;
    int source = along() ? synapse / targets : synapse % sources;
    return strip(target) + source * RowSums.STRIP + target % RowSums.STRIP;
  }

  /** Whether the program numbers the weights source by source, as strips do. */
  private boolean along() {
    return direction == Direction.ALONG;
  }

  /** Where the strip of a target begins. */
  private int strip(int target) {
    return Memory.LINE + target / RowSums.STRIP * RowSums.STRIP * sources;
  }

  @Override
  public void put(Object weights, Object array) {
    for (int first = 0; first < targets; first += RowSums.STRIP) {
      if (along()) {
        Tiles.copy(numbered(weights, first), sources, width(first), lanes(array, first));
      } else {
        Tiles.transpose(numbered(weights, first), width(first), sources, lanes(array, first));
      }
    }
  }

  @Override
  public void get(Object array, Object weights) {
    for (int first = 0; first < targets; first += RowSums.STRIP) {
      if (along()) {
        Tiles.copy(lanes(array, first), sources, width(first), numbered(weights, first));
      } else {
        Tiles.transpose(lanes(array, first), sources, width(first), numbered(weights, first));
      }
    }
  }

  /** Targets of the strip that begins at one. */
  private int width(int first) {
    return Math.min(RowSums.STRIP, targets - first);
  }

  /** The weights of targets as the program numbers them. */
  private Part numbered(Object weights, int first) {
    var values = (float[]) weights;
    return along()
        ? new Part(values, first, targets, 1)
        : new Part(values, first * sources, sources, 1);
  }

  /** The strip that begins at a target. */
  private Part lanes(Object array, int first) {
    return new Part((float[]) array, strip(first), RowSums.STRIP, 1);
  }

  /** Writes a product, without -0, to a target that for a vector has room for whole strips. */
  Runnable product(Matrix.Sum s, float[] weights, Share share) {
    int from = share.from(targets);
    int to = share.to(targets);
    // Shares begin at strips.
    var strips = new Part(weights, strip(from), RowSums.STRIP, RowSums.STRIP * sources);
    if (from == to) {
      return () -> {};
    }
    return s.batch() == 1
        ? new StripSums(s, sources, strips, from, to)
        : StripTiles.product(s, sources, strips, from, to);
  }
}
