package spindle.ir;

import java.util.List;

/** The type rules: what operands an operation takes and what type it yields. */
final class Typing {
  private Typing() {}

  /**
   * The type an elementwise operation yields, scalars stretching along vectors.
   *
   * @throws IllegalArgumentException if the operands do not fit the operation
   */
  static Type elementwise(Op op, List<Type> args, DType cast) {
    if (args.size() != op.arity()) {
      throw bad(op, args, "takes " + op.arity() + " operands");
    }
    int length = Type.SCALAR;
    for (Type t : args) {
      if (!t.isScalar() && length != Type.SCALAR && t.length() != length) {
        throw bad(op, args, "operands must have equal lengths");
      }
      length = t.isScalar() ? length : t.length();
    }
    if (op == Op.PROXY && args.get(0).length() != length) {
      throw bad(op, args, "a scalar value takes no gradient of a vector");
    }
    return new Type(dtype(op, args, cast), length);
  }

  private static DType dtype(Op op, List<Type> args, DType cast) {
    DType first = args.get(0).dtype();
    return switch (op) {
      case ADD, SUB, MUL, MIN, MAX, NEG, ABS -> same(op, args, first != DType.EVENTS);
      case DIV,
          FMA,
          SQRT,
          FLOOR,
          HEAVISIDE,
          EXP,
          EXPM1,
          EXPREL,
          LOG,
          TANH,
          SIN,
          COS,
          MANTISSA,
          SCALE ->
          same(op, args, first.isFloat());
      case AND, XOR, SHL, SHR -> same(op, args, first == DType.I32);
      case PROXY, STOP -> same(op, args, first.isFloat());
      case EXPONENT -> {
        same(op, args, first.isFloat());
        yield DType.I32;
      }
      case SELECT -> {
        require(first.isFloat() && args.get(1).dtype() == args.get(2).dtype(), op, args);
        yield args.get(1).dtype();
      }
      case UNIFORM -> {
        same(op, args, first == DType.I32);
        require(cast.isFloat(), op, args);
        yield cast;
      }
      case CAST -> {
        require(first != DType.EVENTS && cast != DType.EVENTS, op, args);
        yield cast;
      }
      case CONST, PARAM, TIME, INDEX, LOAD, GATHER, SUM, SLICE, COLLECT, MARK, PAD, SCATTER ->
          throw bad(op, args, "is not elementwise");
      case RECENT, PROPAGATE, TRANSMIT, PAIR -> throw bad(op, args, "is not elementwise");
    };
  }

  private static DType same(Op op, List<Type> args, boolean allowed) {
    DType first = args.get(0).dtype();
    require(allowed && args.stream().allMatch(t -> t.dtype() == first), op, args);
    return first;
  }

  private static void require(boolean holds, Op op, List<Type> args) {
    if (!holds) {
      throw bad(op, args, "does not take these element types");
    }
  }

  private static IllegalArgumentException bad(Op op, List<Type> args, String rule) {
    return new IllegalArgumentException(op + " " + args + ": " + rule);
  }
}
