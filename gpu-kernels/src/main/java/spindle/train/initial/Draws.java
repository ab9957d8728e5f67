package spindle.train.initial;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import spindle.backend.Arguments;
import spindle.backend.Executable;
import spindle.ir.DType;
import spindle.ir.Deviates;
import spindle.ir.Expr;
import spindle.ir.Key;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;
import spindle.sim.Backends;

/** Arrays of random numbers, element i for counter i, by the same polynomials as in programs. */
final class Draws {
  private static final String X = "x";

  private Draws() {}

  /** Uniform on (0, 1], 53 bits. */
  static double[] uniform(int n, Key stream) {
    return run(
        new double[n],
        x -> {
          Expr k0 = x.trace().constant(DType.I32, stream.k0());
          Expr k1 = x.trace().constant(DType.I32, stream.k1());
          return new Deviates.Keys(k0, k1).uniform(DType.F64, x.trace().index(n));
        });
  }

  /** The standard normal deviates at probabilities {@code u} in (0, 1]. */
  static double[] normal(double[] u) {
    return run(u, x -> Deviates.normal(x.value()));
  }

  private record Input(Trace trace, Expr value) {}

  private static double[] run(double[] in, Function<Input, Expr> f) {
    var trace = new Trace("draws");
    trace.declare(Variable.of(X, Type.vector(DType.F64, in.length)));
    trace.store(X, f.apply(new Input(trace, trace.load(X))));
    var indices = new int[in.length];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = i;
    }
    var out = new double[in.length];
    var once = new Arguments(Map.of(), Set.of(), true);
    try (Executable e = Backends.named("cpu").load(trace.finish(), once)) {
      e.write(X, in);
      e.run(0, 1);
      e.read(X, indices, out);
    }
    return out;
  }
}
