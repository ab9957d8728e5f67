package spindle.backend.cpu;

import java.util.ArrayList;
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
 * <p>They lie in strips of targets, source by source in each: the sums of a strip stay in the L1
 * cache while all its weights are read from one end to the other.
 *
 * @param targets number of presynaptic neurons
 * @param sources number of postsynaptic neurons
 */
record ByTarget(int targets, int sources) {
  /** Targets of the widest strip; their sums leave room for the rows that are read. */
  private static final int WIDEST = 3072;

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
    boolean kept =
        matrices.get(e.name()) instanceof StoredMatrix m
            && m.isFull()
            && e.type().dtype() == DType.F32
            && Direction.of(e) == Direction.AGAINST
            && Direction.AGAINST.batch(rows, x.length()) == 1
            && weights.length() == m.synapses();
    return kept ? Optional.of(new ByTarget(rows.pre(), rows.post())) : Optional.empty();
  }

  /** Targets of every strip but the last: whole vectors, and about as many in each. */
  private int strip() {
    int strips = (targets + WIDEST - 1) / WIDEST;
    int vectors = (targets + Tiles.LANES - 1) / Tiles.LANES;
    return (vectors + strips - 1) / strips * Tiles.LANES;
  }

  /** Targets of the strip that begins at one. */
  private int width(int first) {
    return Math.min(strip(), targets - first);
  }

  /** Where an element is, by its number in the program. */
  int place(int synapse) {
    int target = synapse / sources;
    int first = target / strip() * strip();
    return first * sources + synapse % sources * width(first) + target - first;
  }

  /** Copies weights in that are numbered as in the program. */
  void put(float[] weights, float[] to) {
    for (int first = 0; first < targets; first += strip()) {
      Tiles.transpose(weights, first * sources, width(first), sources, to);
    }
  }

  /** Copies them out. */
  void get(float[] weights, float[] to) {
    for (int first = 0; first < targets; first += strip()) {
      Tiles.transpose(weights, first * sources, sources, width(first), to);
    }
  }

  /** Targets {@code [begin, end)} of a strip, lanes of the weights {@code b} of their sources. */
  private record Strip(Part b, int begin, int end) {}

  /** Adds a product to a target that is 0. */
  Runnable product(Matrix.Sum s, float[] weights, Share share) {
    var x = (float[]) s.x();
    var sums = (float[]) s.target();
    var strips = new ArrayList<Strip>();
    for (int first = 0; first < targets; first += strip()) {
      int begin = Math.max(share.from(targets), first);
      int end = Math.min(share.to(targets), first + width(first));
      // Lanes count from the first target of all.
      var b = new Part(weights, first * sources - first, width(first), 1);
      if (begin < end) {
        strips.add(new Strip(b, begin, end));
      }
    }
    var numbers = new int[sources];
    var factors = new float[sources];
    return () -> {
      int count = Dense.nonzero(x, sources, numbers, factors);
      var picked = new Picked(numbers, factors, 0, count);
      for (int n = 0; n < strips.size(); n++) {
        Strip strip = strips.get(n);
        Tiles.add(picked, strip.b(), strip.begin(), strip.end(), sums);
      }
    };
  }
}
