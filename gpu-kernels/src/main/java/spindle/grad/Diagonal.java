package spindle.grad;

import java.util.List;
import java.util.function.Consumer;
import spindle.ir.Equation;
import spindle.ir.Expr;
import spindle.ir.Program;
import spindle.ir.Trace;

/**
 * The derivative of each element of a value by the same element of another, written into the trace
 * in which both stand: the Jacobian where it is diagonal.
 */
public final class Diagonal {
  private Diagonal() {}

  /**
   * df/dx.
   *
   * @return of the type of f; 0 where f does not depend on x
   * @throws IllegalArgumentException if f depends on x by more than elementwise operations
   */
  public static Expr of(Expr f, Expr x) {
    return derivative(f, x, Diagonal::refuse);
  }

  /** The part of df/dx that goes through elementwise operations alone. */
  static Expr within(Expr f, Expr x) {
    return derivative(f, x, e -> {});
  }

  private static void refuse(Equation e) {
    throw new IllegalArgumentException("no diagonal derivative through " + e);
  }

  /**
   * The derivative.
   *
   * @param stop told of every operation that is not elementwise; no tangent passes it
   */
  private static Expr derivative(Expr f, Expr x, Consumer<Equation> stop) {
    Trace trace = f.trace();
    Program written = trace.finish();
    var primal = new Primal(written, trace, e -> trace.load(e.name(), (int) e.value()));
    var tangents = new Expr[f.place() + 1];
    if (x.place() <= f.place()) {
      tangents[x.place()] = x.like(1);
    }
    for (int i = x.place() + 1; i <= f.place(); i++) {
      tangents[i] = tangent(written.at(i), new Local(primal, i), tangents, stop);
    }
    Expr slope = tangents[f.place()];
    return slope == null ? f.like(0) : slope.as(f.type().dtype());
  }

  /** The tangent of an equation, or null where it does not move. */
  private static Expr tangent(Equation e, Local local, Expr[] tangents, Consumer<Equation> stop) {
    Expr sum = null;
    List<Integer> args = e.args();
    for (int k = 0; k < args.size(); k++) {
      if (tangents[args.get(k)] != null && Local.flows(e.op(), k)) {
        if (!e.op().isElementwise()) {
          stop.accept(e);
          return null;
        }
        Expr part = local.times(tangents[args.get(k)], k).as(e.type().dtype());
        sum = sum == null ? part : sum.plus(part);
      }
    }
    return sum;
  }
}
