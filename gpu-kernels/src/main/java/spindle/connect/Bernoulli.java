package spindle.connect;

import java.util.Map;
import spindle.ir.DType;
import spindle.ir.Deviates;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Rows;

/**
 * Each pair is connected with probability p, independently of all others.
 *
 * <p>A row skips from synapse to synapse by geometric gaps, {@code floor(log2 u / log2(1 - p))}
 * (Devroye 1986, X.2). Its distribution is exact to 2e-7, and the probability of each gap to 1.7 %
 * of itself at p = 2^-17, to 0.13 % at 1e-4 and to 0.01 % at 1e-2, by counting all 2^24 deviates: a
 * chi-square test of in-degrees needs some 60 million rows to see it. As deviates lie 2^-24 apart,
 * that share doubles with each halving of p, so below 2^-17 they have 53 bits.
 *
 * <p>Columns come in chunks that are drawn separately, so that threads may own chunks and targets
 * stay in the cache; the law does not notice, because the gap has no memory.
 *
 * @param pre number of presynaptic neurons
 * @param post number of postsynaptic neurons
 * @param p connection probability, self-connections included
 */
public record Bernoulli(int pre, int post, double p) implements Connectivity {
  /** From here on 24 bits are enough. */
  private static final double COARSE = 0x1p-17;

  public Bernoulli {
    Connectivity.requireSizes(pre, post);
    Connectivity.requireColumns(post);
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("p must be in [0, 1], got " + p);
    }
  }

  @Override
  public Rows rows(String name, Rows.Storage storage) {
    var t = new RowTrace(name, "bernoulli");
    Deviates.Keys keys = t.keys("pairs").at(t.row(), t.chunk());
    Expr begin = t.chunk().times(t.parameter("width", DType.I32));
    Expr end = begin.plus(t.parameter("drawn", DType.I32)).min(t.parameter("post", DType.I32));
    DType dtype = p == 0 || p >= COARSE ? DType.F32 : DType.F64;
    Expr u = keys.uniform(dtype, t.k());
    Expr gap = Deviates.geometric(u, t.parameter("per_log2", dtype));
    Expr column = t.cursor().plus(gap);
    t.output(Rows.FIRST, begin)
        .output(Rows.END, end)
        .output(Rows.COLUMN, column)
        .output(Rows.ACCEPT, column.minus(end).apply(Op.SHR, t.integer(31)))
        .output(Rows.NEXT, column.plus(1));
    return new Rows(name, pre, post, chunks().count(), false, storage, t.finish());
  }

  private Chunks chunks() {
    return new Chunks(post, p);
  }

  @Override
  public Map<String, Double> arguments(String name, long seed) {
    Map<String, Double> arguments = RowTrace.keyArguments(name, "pairs", seed);
    // StrictMath gives the same bits on every platform. At p = 0 the chunk is empty instead.
    double perLog2 = p == 0 ? -1 : StrictMath.log(2) / StrictMath.log1p(-p);
    // Of a denormal p it is infinite, and times the logarithm of 1 no number.
    perLog2 = Math.max(perLog2, -Double.MAX_VALUE);
    arguments.put(name + ".per_log2", perLog2);
    arguments.put(name + ".width", (double) chunks().width());
    arguments.put(name + ".drawn", p == 0 ? 0.0 : chunks().width());
    arguments.put(name + ".post", (double) post);
    return arguments;
  }

  @Override
  public double expectedSynapses() {
    return p * pre * post;
  }
}
