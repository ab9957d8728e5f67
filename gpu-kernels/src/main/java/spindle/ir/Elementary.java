package spindle.ir;

/**
 * The elementary functions as polynomials in single IEEE operations: the same bits everywhere.
 *
 * <p>Arguments are reduced as in Cody and Waite (1980): the constant is split so that its product
 * with a small integer is exact. Series are cut where the next term is below half an ulp.
 */
final class Elementary {
  private static final double LN2 = 0.6931471805599453;

  /** What the double nearest to ln 2 leaves out; k up to 1,024 multiplies it. */
  private static final double LN2_REST = 2.3190468138462996e-17;

  private static final double PIO2_REST = 6.123233995736766e-17;
  private static final double LOG2_E = 1.4426950408889634;
  private static final double TWO_OVER_PI = 0.6366197723675814;

  /** Coefficients of f, f^2, ... of log2(1 + f). */
  private static final double[] LOG2_1P = {
    1.442694893890243,
    -0.7213284278149447,
    0.4804675389206944,
    -0.35673697834301227,
    0.2694788045736956,
    -0.18466391119325334,
    0.09880795737494318,
    -0.034267496454364305,
    0.00554761904599832
  };

  /**
   * Coefficients of 1, r, ... r^5 in (e^r - 1) / r for |r| up to ln 2 / 2: 1, 1/2, and a minimax
   * fit of the rest, relative error 1.5e-8.
   */
  private static final double[] EXPREL_F32 = {
    1, 0.5, 0.16666548031571235, 0.04166685741776132, 0.00836611800973138, 0.0013897987823334
  };

  private Elementary() {}

  /** x = k ln 2 + r with an integer k and |r| up to ln 2 / 2; q = (e^r - 1) / r. */
  private record Powers(Expr k, Expr r, Expr q) {
    /** (e^r - 1). */
    Expr rest() {
      return r.times(q);
    }
  }

  private static Powers powers(Expr x) {
    boolean f32 = x.type().dtype() == DType.F32;
    double magic = f32 ? 0x1.8p23 : 0x1.8p52; // adding a number whose ulp is 1 rounds
    Expr k = x.fma(x.like(LOG2_E), x.like(magic)).minus(magic);
    double high = high(x.type().dtype(), LN2);
    Expr r = k.fma(x.like(high - LN2 - LN2_REST), k.fma(x.like(-high), x));
    double[] c = f32 ? EXPREL_F32 : taylor(14);
    Expr q = x.like(c[c.length - 1]);
    for (int i = c.length - 2; i >= 0; i--) {
      q = q.fma(r, x.like(c[i]));
    }
    return new Powers(k, r, q);
  }

  /** 1, 1/2!, ... 1/n!: coefficients of (e^r - 1) / r. */
  private static double[] taylor(int n) {
    var c = new double[n];
    double factorial = 1;
    for (int i = 0; i < n; i++) {
      factorial *= i + 1;
      c[i] = 1 / factorial;
    }
    return c;
  }

  /**
   * e^x; error below 2 ulp, exact infinity beyond the range, and exact 0 below about twice the
   * smallest normal number, so that what decays ends and does not linger in slow denormals.
   *
   * @param known where x lies
   */
  static Expr exp(Expr x, Range known) {
    if (isSmall(x, known)) {
      Powers e = powers(x);
      return e.r().fma(e.q(), x.like(1)).scaled(e.k());
    }
    boolean f32 = x.type().dtype() == DType.F32;
    Powers e = powers(f32 ? x.max(-87.3).min(89) : x.max(-708.3).min(710));
    // 2^(k - 1), so that k may be 128; at k - 1 = -127 its bits are those of 0.
    return e.r().fma(e.q(), x.like(1)).scaled(e.k().minus(1)).times(2);
  }

  /** Whether e^x and e^-x are normal numbers wherever x lies, so that x needs no bounds. */
  private static boolean isSmall(Expr x, Range known) {
    return known.within(x.type().dtype() == DType.F32 ? 86 : 707);
  }

  /** e^x - 1; relative error below 4 ulp for normal results. */
  static Expr expm1(Expr x, Range known) {
    return minusOne(x, powersOf(x, known), known);
  }

  private static Powers powersOf(Expr x, Range known) {
    boolean f32 = x.type().dtype() == DType.F32;
    if (isSmall(x, known)) {
      return powers(x);
    }
    Expr bounded = x.max(f32 ? -86 : -707);
    return powers(known.isNegative() ? bounded : bounded.min(f32 ? 89 : 710));
  }

  private static Expr minusOne(Expr x, Powers e, Range known) {
    if (isSmall(x, known) || known.isNegative()) {
      Expr power = x.like(1).scaled(e.k());
      return power.fma(e.rest(), power.minus(1));
    }
    Expr power = x.like(1).scaled(e.k().minus(1)); // halved, so that k may be 128
    return power.fma(e.rest(), power.minus(0.5)).times(2);
  }

  /**
   * (e^x - 1) / x, and 1 at 0; relative error below 4 ulp, NaN at infinity.
   *
   * <p>Where the reduction does nothing, near 0, the polynomial of e^x - 1 has a factor x that need
   * not be divided out again. The quotient serves elsewhere.
   */
  static Expr exprel(Expr x, Range known) {
    Powers e = powersOf(x, known);
    return e.k().select(minusOne(x, e, known).over(x), e.q());
  }

  /** a / exprel x, as a times x / (e^x - 1), or near 0 one over the polynomial: one division. */
  static Expr overExprel(Expr a, Expr x, Range known) {
    Powers e = powersOf(x, known);
    Expr below = e.k().select(minusOne(x, e, known), e.q());
    return a.times(e.k().select(x, x.like(1)).over(below));
  }

  /** ln x; error below 2 ulp; -infinity at 0, NaN below. */
  static Expr log(Expr x) {
    boolean f32 = x.type().dtype() == DType.F32;
    double tiny = f32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    double lift = f32 ? 0x1p24 : 0x1p54;
    Expr normal = x.atLeast(x.like(tiny));
    Expr lifted = normal.select(x, x.times(lift));
    Expr shift = normal.select(x.like(0), x.like(f32 ? 24 : 54));
    Expr result = logNormal(lifted, shift);
    // x - infinity is NaN for infinity itself, which a select takes as true.
    Expr infinite = x.atLeast(x.like(Double.POSITIVE_INFINITY));
    Expr zero = x.negated().heaviside().times(x.heaviside());
    Expr negative = x.heaviside().from(1);
    Expr atZero = zero.select(x.like(Double.NEGATIVE_INFINITY), infinite.select(x, result));
    return negative.select(x.like(Double.NaN), atZero);
  }

  /**
   * log2 x for a normal f32 x &gt; 0, absolute error below 1e-7: the polynomial x + x (1 - x) q(x)
   * that meets log2(1 + x) at both ends of [0, 1] and at the Chebyshev nodes between.
   *
   * <p>Faster than through {@link #log}, and good enough for geometric gaps.
   */
  static Expr log2(Expr x) {
    Expr f = x.apply(Op.MANTISSA).minus(1);
    Expr sum = f.like(LOG2_1P[LOG2_1P.length - 1]);
    for (int i = LOG2_1P.length - 2; i >= 0; i--) {
      sum = sum.fma(f, f.like(LOG2_1P[i]));
    }
    return sum.fma(f, x.apply(Op.EXPONENT).as(DType.F32));
  }

  /** tanh x = t / (t + 2) with t = e^(2x) - 1; relative error below 8 ulp. */
  static Expr tanh(Expr x) {
    double flat = x.type().dtype() == DType.F32 ? 10 : 20;
    Expr t = expm1(x.max(-flat).min(flat).times(2), Range.of(-2 * flat, 2 * flat));
    return t.over(t.plus(2));
  }

  /** sin x for |x| <= 1e4. */
  static Expr sin(Expr x) {
    return quadrant(x, 0);
  }

  /** cos x for |x| <= 1e4. */
  static Expr cos(Expr x) {
    return quadrant(x, 1);
  }

  /**
   * A uniform deviate in (0, 1] with 24 bits, or 53 for f64.
   *
   * <p>The counter passes a two-round multiply-xorshift mixer (constants by Wellons, lowbias32);
   * the second key enters between the multiplications, so that streams of different keys are not
   * shifted copies of one another.
   */
  static Expr uniform(DType dtype, Expr key0, Expr key1, Expr counter) {
    Expr bits = mix(key0, key1, counter);
    if (dtype == DType.F32) {
      return shr(bits, 8).plus(1).as(DType.F32).times(0x1p-24);
    }
    Expr more = mix(key1, key0, counter);
    Expr high = shr(bits, 5).as(DType.F64).times(0x1p26);
    return high.plus(shr(more, 6).plus(1).as(DType.F64)).times(0x1p-53);
  }

  /** 32 well-mixed bits of two keys and a counter. */
  static Expr mix(Expr key0, Expr key1, Expr counter) {
    Expr x = counter.times(0x9E3779B9).plus(key0);
    x = x.apply(Op.XOR, shr(x, 16)).times(0x7feb352d).apply(Op.XOR, key1);
    x = x.apply(Op.XOR, shr(x, 15)).times(0x846ca68b);
    return x.apply(Op.XOR, shr(x, 16));
  }

  private static Expr shr(Expr x, int bits) {
    return x.apply(Op.SHR, x.like(bits));
  }

  /** The nearest integer, by adding and taking off a number whose ulp is 1. */
  private static Expr rint(Expr x) {
    double magic = x.type().dtype() == DType.F32 ? 0x1.8p23 : 0x1.8p52;
    return x.plus(magic).minus(magic);
  }

  private static double high(DType dtype, double c) {
    return dtype == DType.F32
        ? Float.intBitsToFloat(Float.floatToRawIntBits((float) c) & 0xfffff000)
        : Double.longBitsToDouble(Double.doubleToRawLongBits(c) & 0xffffffffff000000L);
  }

  private record Reduced(Expr s, Expr exponent) {}

  /** x = 2^e m with m in [sqrt(1/2), sqrt 2); s = (m - 1) / (m + 1). */
  private static Reduced reduce(Expr x) {
    Expr m = x.apply(Op.MANTISSA);
    Expr large = m.atLeast(x.like(Math.sqrt(2)));
    Expr centred = m.times(large.times(0.5).from(1));
    Expr e = x.apply(Op.EXPONENT).as(x.type().dtype()).plus(large);
    return new Reduced(centred.minus(1).over(centred.plus(1)), e);
  }

  /** ln((1 + s) / (1 - s)) = 2 (s + s^3/3 + s^5/5 + ...). */
  private static Expr atanhSeries(Expr s, int last) {
    Expr z = s.times(s);
    Expr sum = s.like(2.0 / last);
    for (int i = last - 2; i >= 3; i -= 2) {
      sum = sum.times(z).plus(2.0 / i);
    }
    return sum.times(z).times(s).plus(s.times(2));
  }

  private static Expr logNormal(Expr x, Expr shift) {
    boolean f32 = x.type().dtype() == DType.F32;
    Reduced r = reduce(x);
    Expr e = r.exponent().minus(shift);
    double high = high(x.type().dtype(), LN2);
    return atanhSeries(r.s(), f32 ? 9 : 23).plus(e.times(LN2 - high)).plus(e.times(high));
  }

  private static Expr quadrant(Expr x, int turn) {
    boolean f32 = x.type().dtype() == DType.F32;
    Expr k = rint(x.times(TWO_OVER_PI));
    double pio2 = Math.PI / 2;
    double c1 = high(x.type().dtype(), pio2);
    double c2 = high(x.type().dtype(), pio2 - c1);
    Expr r = x.minus(k.times(c1)).minus(k.times(c2)).minus(k.times(pio2 - c1 - c2 + PIO2_REST));
    Expr q = k.as(DType.I32).plus(turn);
    Expr odd = q.apply(Op.AND, q.like(1)).as(x.type().dtype());
    Expr minus = shr(q.apply(Op.AND, q.like(2)), 1).as(x.type().dtype()).times(-2).plus(1);
    return odd.select(alternating(r, 0, f32 ? 10 : 20), alternating(r, 1, f32 ? 9 : 19))
        .times(minus);
  }

  /** r^from/from! - r^(from+2)/(from+2)! + ... up to power last. */
  private static Expr alternating(Expr r, int from, int last) {
    Expr z = r.times(r);
    Expr sum = r.like(0);
    for (int i = last; i >= from; i -= 2) {
      double factorial = 1;
      for (int j = 2; j <= i; j++) {
        factorial *= j;
      }
      sum = sum.times(z).plus(((i - from) % 4 == 0 ? 1 : -1) / factorial);
    }
    return from == 1 ? sum.times(r) : sum;
  }
}
