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
 * (Devroye 1986, X.2). Deviates have 24 bits, so the distribution of a gap is exact to 2e-7.
 * Columns come in chunks that are drawn separately, so that threads may own chunks and targets stay
 * in the cache; the law does not notice, because the gap has no memory.
 *
 * @param pre number of presynaptic neurons
 * @param post number of postsynaptic neurons
 * @param p connection probability, self-connections included
 */
public record Bernoulli(int pre, int post, double p) implements Connectivity {
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
    Expr u = keys.uniform(DType.F32, t.k());
    Expr gap = Deviates.geometric(u, t.parameter("per_log2", DType.F32));
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
