package spindle.backend.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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
 * <p>They lie in strips of targets, source by source in each. Where the caches hold about all
 * weights, a strip is as wide as a vector, and some are read side by side: each is a stream, and
 * the sums stay in registers. Memory itself is at its best with wide strips that are read one after
 * the other, from one end to the other; the sums of one stay in the L1 cache.
 *
 * @param targets number of presynaptic neurons
 * @param sources number of postsynaptic neurons
 * @param strip targets of every strip but the last, whole vectors
 */
record ByTarget(int targets, int sources, int strip) implements Kept {
  /** Weights that the caches hold, or most of them: 32 MiB, as much as an L3 cache. */
  private static final int NEAR = 1 << 23;

  /** Targets of the widest strip; their sums leave room for the rows that are read. */
  private static final int WIDEST = 3072;

  /** With one vector to a strip, or wide strips of about as many targets each. */
  static ByTarget of(int targets, int sources) {
    if ((long) targets * sources <= NEAR) {
      return new ByTarget(targets, sources, Tiles.LANES);
    }
    int strips = (targets - 1) / WIDEST + 1;
    int vectors = (targets - 1) / Tiles.LANES + 1;
    return new ByTarget(targets, sources, (vectors + strips - 1) / strips * Tiles.LANES);
  }

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
    return kept ? Optional.of(of(rows.pre(), rows.post())) : Optional.empty();
  }

  /** Targets of the strip that begins at one. */
  private int width(int first) {
    return Math.min(strip, targets - first);
  }

  @Override
  public int place(int synapse) {
    int target = synapse / sources;
    int first = target / strip * strip;
    return first * sources + synapse % sources * width(first) + target - first;
  }

  @Override
  public void put(Object weights, Object array) {
    var from = (float[]) weights;
    var to = (float[]) array;
    for (int first = 0; first < targets; first += strip) {
      Tiles.transpose(from, first * sources, width(first), sources, to);
    }
  }

  @Override
  public void get(Object array, Object weights) {
    var from = (float[]) array;
    var to = (float[]) weights;
    for (int first = 0; first < targets; first += strip) {
      Tiles.transpose(from, first * sources, sources, width(first), to);
    }
  }

  /** Adds a product to a target that is 0. */
  Runnable product(Matrix.Sum s, float[] weights, Share share) {
    var x = (float[]) s.x();
    var sums = (float[]) s.target();
    int from = share.from(targets);
    int to = share.to(targets);
    int narrow = strip == Tiles.LANES ? targets / strip * strip : 0; // in strips side by side
    int vectors = (Math.min(to, narrow) - from) / Tiles.LANES;
    var sideBySide = new Part(weights, from * sources, Tiles.LANES, Tiles.LANES * sources);
    List<Piece> others = pieces(weights, narrow, from, to);
    var numbers = new int[sources];
    var factors = new float[sources];
    return () -> {
      int count = Dense.nonzero(x, sources, numbers, factors);
      var picked = new Picked(numbers, factors, 0, count);
      Tiles.addSums(picked, sideBySide, vectors, sums, from);
      for (int n = 0; n < others.size(); n++) {
        Piece p = others.get(n);
        Tiles.add(picked, p.b(), p.begin(), p.end(), sums);
      }
    };
  }

  /** Targets {@code [begin, end)}, lanes of the weights {@code b} of their sources. */
  private record Piece(Part b, int begin, int end) {}

  /** What {@code [from, to)} has of each strip from the one on that begins at a target. */
  private List<Piece> pieces(float[] weights, int begin, int from, int to) {
    var pieces = new ArrayList<Piece>();
    for (int first = begin; first < targets; first += strip) {
      // Lanes count from the first target of all.
      var b = new Part(weights, first * sources - first, width(first), 1);
      var piece = new Piece(b, Math.max(from, first), Math.min(to, first + width(first)));
      if (piece.begin() < piece.end()) {
        pieces.add(piece);
      }
    }
    return pieces;
  }
}
