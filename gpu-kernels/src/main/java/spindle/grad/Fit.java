package spindle.grad;

import java.util.List;
import spindle.ir.Expr;
import spindle.ir.Trace;
import spindle.ir.Type;

/** Brings tangents and cotangents into the shape of the value they belong to. */
final class Fit {
  private Fit() {}

  /** Converted to another type: a scalar stretched along a vector, a vector summed to a scalar. */
  static Expr to(Trace trace, Expr c, Type type) {
    Expr cast = c.as(type.dtype());
    if (type.isScalar() == cast.type().isScalar()) {
      return cast;
    }
    return type.isScalar() ? trace.sum(cast) : zero(trace, type).plus(cast);
  }

  /** 0, or as many as a vector has. */
  static Expr zero(Trace trace, Type type) {
    Expr zero = trace.constant(type.dtype(), 0);
    return type.isScalar() ? zero : trace.index(type.length()).as(type.dtype()).times(zero);
  }

  /** Vectors one after the other. */
  static Expr joined(Trace trace, List<Expr> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    // By halves, so that an element is moved as often as there are doublings, not parts.
    Expr a = joined(trace, parts.subList(0, parts.size() / 2));
    Expr b = joined(trace, parts.subList(parts.size() / 2, parts.size()));
    int length = a.type().length() + b.type().length();
    return trace.pad(a, 0, length).plus(trace.pad(b, a.type().length(), length));
  }

  /** Elements {@code from .. from + length - 1} of a vector. */
  static Expr range(Trace trace, Expr vector, int from, int length) {
    return trace.gather(vector, trace.index(length).plus(from));
  }
}
