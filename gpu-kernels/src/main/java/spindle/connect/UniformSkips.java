package spindle.connect;

import java.util.Map;
import spindle.ir.DType;
import spindle.ir.Deviates;
import spindle.ir.Expr;
import spindle.ir.Rows;

/**
 * The law of BrainPy's regenerated matrices, to compare with them: a row skips from synapse to
 * synapse by 1 to clen - 1 columns, all alike likely, with clen = ceil(2 / p). {@link Bernoulli} is
 * what they stand for.
 *
 * <p>Against independent pairs of probability p it differs in two ways:
 *
 * <ul>
 *   <li>a pair is connected with probability 2 / clen, at most p: 0.286 for 0.3, 2/3 for 0.7 and
 *       0.9; equal only where 2 / p is whole;
 *   <li>synapses of a row keep apart. The number in a long row has variance (1 - 2 / clen) / 3 of
 *       its mean, a third of the binomial's; that in a column stays binomial.
 * </ul>
 *
 * <p>Each chunk of a row begins as the stationary renewal process does: at column q with
 * probability 2 (clen - 1 - q) / (clen (clen - 1)). The law is theirs (brainevent 0.2.0), the bits
 * are not; their rows are cut into more and shorter pieces, each begun anew, which brings the
 * variance of short rows back up.
 *
 * @param pre number of presynaptic neurons
 * @param post number of postsynaptic neurons
 * @param p connection probability asked for: 0, or at least 2^-22
 * @param byPost whether a row is a postsynaptic neuron, so that in-degrees vary less
 */
public record UniformSkips(int pre, int post, double p, boolean byPost) implements Connectivity {
  public UniformSkips {
    Connectivity.requireSizes(pre, post);
    Connectivity.requireColumns(Math.max(pre, post));
    if (!(p == 0 || (p >= 0x1p-22 && p <= 1))) {
      throw new IllegalArgumentException("p must be 0 or in [2^-22, 1], got " + p);
    }
  }

  /** One more than the longest skip. */
  public int clen() {
    return p == 0 ? 2 : Math.max(2, (int) Math.ceil(2 / p));
  }

  @Override
  public Rows rows(String name, Rows.Storage storage) {
    var t = new RowTrace(name, "uniform skips");
    Deviates.Keys keys = t.keys("skips").at(t.row(), t.chunk());
    Expr longest = t.parameter("clen", DType.I32).minus(1);
    Expr begin = t.chunk().times(t.parameter("width", DType.I32));
    Expr end = begin.plus(t.parameter("drawn", DType.I32)).min(columns());
    t.output(Rows.FIRST, begin.plus(start(keys, longest)))
        .output(Rows.END, end)
        .output(Rows.COLUMN, t.cursor())
        .output(Rows.NEXT, t.cursor().plus(1).plus(Deviates.below(longest, keys.bits(t.k()))));
    return new Rows(
        name, byPost ? post : pre, columns(), chunks().count(), byPost, storage, t.finish());
  }

  /** The smaller of two different numbers of 0, 1, ..., longest: has the law of the start. */
  private static Expr start(Deviates.Keys keys, Expr longest) {
    Expr a = Deviates.below(longest.plus(1), keys.bits(longest.like(-1)));
    Expr b = Deviates.below(longest, keys.bits(longest.like(-2)));
    // b = a stands for the number that b leaves out, which is never the smaller one.
    return a.min(b);
  }

  private int columns() {
    return byPost ? pre : post;
  }

  private Chunks chunks() {
    return new Chunks(columns(), p);
  }

  @Override
  public Map<String, Double> arguments(String name, long seed) {
    Map<String, Double> arguments = RowTrace.keyArguments(name, "skips", seed);
    arguments.put(name + ".clen", (double) clen());
    arguments.put(name + ".width", (double) chunks().width());
    arguments.put(name + ".drawn", p == 0 ? 0.0 : chunks().width());
    return arguments;
  }

  @Override
  public double expectedSynapses() {
    return p == 0 ? 0 : 2.0 / clen() * pre * post;
  }
}
