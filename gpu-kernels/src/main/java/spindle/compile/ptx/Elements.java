package spindle.compile.ptx;

import java.util.List;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Op;

/** Writes single elements of equations, each value in a register of its own. */
final class Elements {
  private final Text t;
  private final List<Equation> equations;
  private final String[] registers;

  Elements(Text t, List<Equation> equations) {
    this.t = t;
    this.equations = equations;
    this.registers = new String[equations.size()];
  }

  DType dtype(int place) {
    return equations.get(place).type().dtype();
  }

  /** The register or constant that holds the value of an equation. */
  String value(int place) {
    Equation e = equations.get(place);
    return e.op() == Op.CONST ? Text.constant(dtype(place), e.value()) : registers[place];
  }

  /** Says where the value of an equation is that was not computed here. */
  void set(int place, String register) {
    registers[place] = register;
  }

  /** Takes a number of the double precision in which scalars are kept as the value of a leaf. */
  void setFromDouble(int place, String register) {
    registers[place] = cast(t, register, DType.F64, dtype(place));
  }

  /** The value of an equation in the double precision in which scalars are kept. */
  String asDouble(int place) {
    return cast(t, value(place), dtype(place), DType.F64);
  }

  /** Computes an equation. */
  void compute(int place) {
    Equation e = equations.get(place);
    DType d = dtype(e.args().get(0));
    String type = Text.type(d);
    String rounded = d.isFloat() ? ".rn." : ".";
    registers[place] =
        switch (e.op()) {
          case ADD -> simple(e, "add" + rounded + type);
          case SUB -> simple(e, "sub" + rounded + type);
          case MUL -> simple(e, d.isFloat() ? "mul.rn." + type : "mul.lo.s32");
          case DIV -> simple(e, "div.rn." + type);
          case FMA -> simple(e, "fma.rn." + type);
          case NEG -> simple(e, "neg." + type);
          case SQRT -> simple(e, "sqrt.rn." + type);
          case FLOOR -> simple(e, "cvt.rmi." + type + "." + type);
          case AND -> simple(e, "and.b32");
          case XOR -> simple(e, "xor.b32");
          case SHL -> shift(e, "shl.b32");
          case SHR -> shift(e, "shr.u32");
          case ABS -> abs(e, d);
          case MIN -> extreme(e, "min." + type);
          case MAX -> extreme(e, "max." + type);
          case CAST -> cast(e, d);
          case SCALE -> scale(e, d);
          case EXPONENT -> exponent(e, d);
          case MANTISSA -> mantissa(e, d);
          case HEAVISIDE -> heaviside(e, d);
          case SELECT -> select(e, d);
          case CONST, PARAM, TIME, INDEX, LOAD, GATHER, SUM, SLICE, COLLECT, MARK, PAD, SCATTER ->
              throw new IllegalStateException(e + " is not computed by element");
          case RECENT, PROPAGATE, TRANSMIT, PAIR ->
              throw new IllegalStateException(e + " is not computed by element");
          case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP ->
              throw new IllegalStateException(e + " was not lowered");
        };
  }

  private String arg(Equation e, int number) {
    return value(e.args().get(number));
  }

  private String simple(Equation e, String mnemonic) {
    return t.register(
        e.type().dtype(), mnemonic, e.args().stream().map(this::value).toArray(String[]::new));
  }

  /** Java takes shifts modulo 32, PTX shifts everything out. */
  private String shift(Equation e, String mnemonic) {
    Equation by = equations.get(e.args().get(1));
    String amount =
        by.op() == Op.CONST
            ? Integer.toString((int) by.value() & 31)
            : t.word("and.b32", arg(e, 1), "31");
    return t.register(DType.I32, mnemonic, arg(e, 0), amount);
  }

  /** The lowest integer is its own opposite, for which PTX promises nothing. */
  private String abs(Equation e, DType d) {
    return d.isFloat()
        ? simple(e, "abs." + Text.type(d))
        : t.word("max.s32", arg(e, 0), t.word("neg.s32", arg(e, 0)));
  }

  /** PTX prefers numbers to NaN, Java does not. */
  private String extreme(Equation e, String mnemonic) {
    DType d = e.type().dtype();
    String number = simple(e, mnemonic);
    if (!d.isFloat()) {
      return number;
    }
    String nan = t.test("setp.nan." + Text.type(d), arg(e, 0), arg(e, 1));
    String sum = t.register(d, "add.rn." + Text.type(d), arg(e, 0), arg(e, 1));
    return t.register(d, "selp." + Text.type(d), sum, number, nan);
  }

  /** Converts, NaN to 0, which PTX promises for binary32 alone. */
  private String cast(Equation e, DType from) {
    String converted = cast(t, arg(e, 0), from, e.type().dtype());
    boolean whole = from == DType.F64 && e.type().dtype() == DType.I32;
    return whole ? zeroIfNaN(converted, arg(e, 0)) : converted;
  }

  /** Converts a number that is not NaN. */
  static String cast(Text t, String x, DType from, DType to) {
    if (from == to) {
      return x;
    }
    if (to != DType.I32) {
      boolean exact = to == DType.F64 && from == DType.F32;
      return t.register(
          to, (exact ? "cvt." : "cvt.rn.") + Text.type(to) + "." + Text.type(from), x);
    }
    return t.word("cvt.rzi.s32." + Text.type(from), x);
  }

  private String zeroIfNaN(String whole, String x) {
    return t.word("selp.b32", "0", whole, t.test("setp.nan.f64", x, x));
  }

  /** x * 2^k, the power made from its bits. */
  private String scale(Equation e, DType d) {
    String type = Text.type(d);
    String k = arg(e, 1);
    String whole = t.word("cvt.rni.s32." + type, k);
    if (d == DType.F64) {
      whole = zeroIfNaN(whole, k);
    }
    int most = d == DType.F32 ? 127 : 1023;
    String low = t.word("max.s32", whole, Integer.toString(-most));
    String bounded = t.word("min.s32", low, Integer.toString(most));
    String biased = t.word("add.s32", bounded, Integer.toString(most));
    String power;
    if (d == DType.F32) {
      power = t.register(d, "mov.b32", t.word("shl.b32", biased, "23"));
    } else {
      String wide = t.address("cvt.u64.u32", biased);
      power = t.register(d, "mov.b64", t.address("shl.b64", wide, "52"));
    }
    return t.register(d, "mul.rn." + type, arg(e, 0), power);
  }

  private String bits(Equation e, DType d) {
    return d == DType.F32 ? t.word("mov.b32", arg(e, 0)) : t.address("mov.b64", arg(e, 0));
  }

  private String exponent(Equation e, DType d) {
    String high = bits(e, d);
    if (d == DType.F64) {
      high = t.word("cvt.u32.u64", t.address("shr.u64", high, "32"));
    }
    boolean f32 = d == DType.F32;
    String shifted = t.word("shr.u32", high, f32 ? "23" : "20");
    String biased = t.word("and.b32", shifted, f32 ? "255" : "2047");
    return t.word("sub.s32", biased, f32 ? "127" : "1023");
  }

  private String mantissa(Equation e, DType d) {
    String bits = bits(e, d);
    if (d == DType.F32) {
      String kept = t.word("and.b32", bits, "0x807fffff");
      return t.register(d, "mov.b32", t.word("or.b32", kept, "0x3f800000"));
    }
    String kept = t.address("and.b64", bits, "0x800fffffffffffff");
    return t.register(d, "mov.b64", t.address("or.b64", kept, "0x3ff0000000000000"));
  }

  private String heaviside(Equation e, DType d) {
    String type = Text.type(d);
    String x = arg(e, 0);
    String zero = Text.constant(d, 0);
    String above = t.test("setp.ge." + type, x, zero);
    String mask = t.register(d, "selp." + type, Text.constant(d, 1), zero, above);
    String nan = t.test("setp.nan." + type, x, x);
    return t.register(d, "selp." + type, x, mask, nan);
  }

  /** A NaN mask counts as set. */
  private String select(Equation e, DType mask) {
    DType d = e.type().dtype();
    String set = t.test("setp.neu." + Text.type(mask), arg(e, 0), Text.constant(mask, 0));
    String type = d == DType.I32 ? "b32" : Text.type(d);
    return t.register(d, "selp." + type, arg(e, 1), arg(e, 2), set);
  }
}
