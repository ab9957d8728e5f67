package spindle.ir;

/** Random numbers and derived keys as expressions; each is a pure function of key and counter. */
public final class Deviates {
  private static final double LN2 = 0.6931471805599453;

  private Deviates() {}

  /** A pair of i32 values that key a stream. */
  public record Keys(Expr k0, Expr k1) {
    /** The parameters {@code name.key0} and {@code name.key1} of a program. */
    public static Keys parameters(Trace trace, String name) {
      return new Keys(
          trace.parameter(name + ".key0", DType.I32), trace.parameter(name + ".key1", DType.I32));
    }

    /** The keys of sub-stream {@code (i, j)}; streams of different pairs are independent. */
    public Keys at(Expr i, Expr j) {
      Expr a = Elementary.mix(k0, k1, i);
      Expr b =
          Elementary.mix(k1.apply(Op.XOR, k1.like(0x6a09e667)), k0.plus(j.times(0x9E3779B9)), i);
      return new Keys(a, b);
    }

    /** 32 bits for a counter. */
    public Expr bits(Expr counter) {
      return Elementary.mix(k0, k1, counter);
    }

    /** A uniform deviate in (0, 1]. */
    public Expr uniform(DType dtype, Expr counter) {
      return k0.trace().uniform(dtype, k0, k1, counter);
    }
  }

  /**
   * A standard normal deviate from a uniform one, by Wichura's rational approximations PPND7 (f32,
   * relative error 1e-7) and PPND16 (f64, 1e-16) to the inverse normal distribution (AS 241, 1988).
   */
  public static Expr normal(Expr uniform) {
    return Normal.quantile(uniform);
  }

  /**
   * Failures before the first success of probability p: floor(log2 u / log2(1 - p)), below 2^30.
   *
   * @param uniform in (0, 1]
   * @param perLog2 1 / log2(1 - p), at most 0, of the same type
   * @return i32
   */
  public static Expr geometric(Expr uniform, Expr perLog2) {
    boolean f32 = uniform.type().dtype() == DType.F32;
    Expr log2 = f32 ? Elementary.log2(uniform) : uniform.log().over(LN2);
    return log2.times(perLog2).as(DType.I32).min((1 << 30) - 1);
  }

  /**
   * Whether something of probability 2^exponent happens: mask of log2 u <= exponent.
   *
   * @param uniform f32 in (0, 1]
   * @param exponent f32; the probability is exact to 7e-8 of itself, and to the 24 bits of u
   */
  public static Expr happens(Expr uniform, Expr exponent) {
    return exponent.atLeast(Elementary.log2(uniform));
  }

  /** A deviate on 0, 1, ..., {@code end - 1} as 24 bits give it; i32. */
  public static Expr below(Expr end, Expr bits) {
    Expr share = bits.apply(Op.SHR, bits.like(8)).as(DType.F32).times(0x1p-24);
    return share.times(end.as(DType.F32)).as(DType.I32).min(end.minus(1));
  }
}
