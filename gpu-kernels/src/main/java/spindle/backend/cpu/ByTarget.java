package spindle.backend.cpu;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import spindle.backend.cpu.Tiles.Part;
import spindle.backend.cpu.Tiles.Picked;
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
 * Weights of a full matrix that are kept by postsynaptic neuron. Where a program does nothing with
 * them but multiply a vector against the synapses, its targets then lie side by side for the lanes
 * of the processor's vectors. Each sum is added up in the same order.
 *
 * <p>They lie in strips of {@link RowSums#STRIP} targets, source by source in each, the last filled
 * up with 0. Some strips are read side by side: each is a stream, and the sums stay in registers.
 *
 * @param targets number of presynaptic neurons
 * @param sources number of postsynaptic neurons
 */
record ByTarget(int targets, int sources) implements Kept {
  /**
   * Share of sources that are not 0 from which all are multiplied: to pick costs a check of bounds
   * for each vector, and so memory comes later.
   */
  private static final double MOST = 0.5;

  /** Elements that an array may have, so that there is room for what comes behind them. */
  private static final long LARGEST = Integer.MAX_VALUE - (1 << 16);

  /** Elements that may be any share of them 0, where there are few targets: 4 MiB. */
  private static final long SMALL = 1 << 20;

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
    boolean suits =
        matrices.get(e.name()) instanceof StoredMatrix m
            && m.isFull()
            && e.type().dtype() == DType.F32
            && Direction.of(e) == Direction.AGAINST
            && Direction.AGAINST.batch(rows, x.length()) == 1
            && weights.length() == m.synapses();
    var use = new ByTarget(rows.pre(), rows.post());
    return suits && use.fits() ? Optional.of(use) : Optional.empty();
  }

  private static int strips(int targets) {
    return -Math.floorDiv(-targets, RowSums.STRIP);
  }

  /**
   * Whether an array can hold them, and not mostly what fills up a strip of few targets, and shares
   * begin at strips.
   */
  boolean fits() {
    return Share.ALIGNMENT % RowSums.STRIP == 0
        && elements() <= Math.min(LARGEST, Math.max(SMALL, 4L * targets * sources));
  }

  private long elements() {
    return Memory.LINE + (long) strips(targets) * RowSums.STRIP * sources;
  }

  @Override
  public int size(int elements) {
    return Math.toIntExact(elements());
  }

  @Override
  public int place(int synapse) {
    int target = synapse / sources;
    return strip(target) + synapse % sources * RowSums.STRIP + target % RowSums.STRIP;
  }

  /** Where the strip of a target begins. */
  private int strip(int target) {
    return Memory.LINE + target / RowSums.STRIP * RowSums.STRIP * sources;
  }

  @Override
  public void put(Object weights, Object array) {
    for (int first = 0; first < targets; first += RowSums.STRIP) {
      Tiles.transpose(rows(weights, first), width(first), sources, lanes(array, first));
    }
  }

  @Override
  public void get(Object array, Object weights) {
    for (int first = 0; first < targets; first += RowSums.STRIP) {
      Tiles.transpose(lanes(array, first), sources, width(first), rows(weights, first));
    }
  }

  /** Targets of the strip that begins at one. */
  private int width(int first) {
    return Math.min(RowSums.STRIP, targets - first);
  }

  /** The weights of targets as the program numbers them. */
  private Part rows(Object weights, int first) {
    return new Part((float[]) weights, first * sources, sources, 1);
  }

  /** The strip that begins at a target. */
  private Part lanes(Object array, int first) {
    return new Part((float[]) array, strip(first), RowSums.STRIP, 1);
  }

  /** Adds a product to a target that is 0 and has room for whole strips. */
  Runnable product(Matrix.Sum s, float[] weights, Share share) {
    var x = (float[]) s.x();
    var sums = (float[]) s.target();
    int from = share.from(targets);
    int to = share.to(targets);
    int strips = strips(to - from); // shares begin at strips
    var b = new Part(weights, strip(from), RowSums.STRIP, RowSums.STRIP * sources);
    var numbers = new int[sources];
    var factors = new float[sources];
    return () -> {
      int count = Dense.nonzero(x, sources, numbers, factors);
      boolean all = count > MOST * sources;
      if (all) {
        RowSums.addAll(x, sources, b, strips, sums, from);
      }
      if (!all || (count < sources && Guarded.spoilt(sums, from, to))) {
        RowSums.add(new Picked(numbers, factors, 0, count), b, strips, sums, from);
      }
    };
  }
}
