package spindle.ir;

/** The inverse of the standard normal distribution (Wichura 1988, AS 241). */
@SuppressWarnings("FloatingPointLiteralPrecision") // digits as published
final class Normal {
  private static final double[] A7 = {
    3.3871327179e0, 5.0434271938e1, 1.5929113202e2, 5.9109374720e1
  };
  private static final double[] B7 = {1, 1.7895169469e1, 7.8757757664e1, 6.7187563600e1};
  private static final double[] C7 = {
    1.4234372777e0, 2.7568153900e0, 1.3067284816e0, 1.7023821103e-1
  };
  private static final double[] D7 = {1, 7.3700164250e-1, 1.2021132975e-1};
  private static final double[] E7 = {
    6.6579051150e0, 3.0812263860e0, 4.2868294337e-1, 1.7337203997e-2
  };
  private static final double[] F7 = {1, 2.4197894225e-1, 1.2258202635e-2};

  private static final double[] A16 = {
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
    3.3430575583588128105e4, 2.5090809287301226727e3
  };
  private static final double[] B16 = {
    1,
    4.2313330701600911252e1,
    6.8718700749205790830e2,
    5.3941960214247511077e3,
    2.1213794301586595867e4,
    3.9307895800092710610e4,
    2.8729085735721942674e4,
    5.2264952788528545610e3
  };
  private static final double[] C16 = {
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
    3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4
  };
  private static final double[] D16 = {
    1,
    2.05319162663775882187e0,
    1.67638483018380384940e0,
    6.89767334985100004550e-1,
    1.48103976427480074590e-1,
    1.51986665636164571966e-2,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9
  };
  private static final double[] E16 = {
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7
  };
  private static final double[] F16 = {
    1,
    5.99832206555887937690e-1,
    1.36929880922735805310e-1,
    1.48753612908506148525e-2,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15
  };

  private Normal() {}

  /** The x with P(N(0, 1) <= x) = u; u = 1 is taken as the next smaller deviate. */
  static Expr quantile(Expr u) {
    boolean f32 = u.type().dtype() == DType.F32;
    // Deviates are in (0, 1]; half a grid step down makes them symmetric and keeps 1 finite.
    double halfStep = f32 ? 0x1p-25 : 0x1p-54;
    Expr q = u.minus(0.5).minus(halfStep);
    Expr centre = q.apply(Op.ABS).from(0.425).heaviside();
    Expr r = q.times(q).from(0.180625);
    Expr inner = q.times(ratio(r, f32 ? A7 : A16, f32 ? B7 : B16));
    return centre.select(inner, tail(q, f32));
  }

  private static Expr tail(Expr q, boolean f32) {
    Expr outside = q.apply(Op.ABS).from(0.5);
    Expr r = outside.log().negated().sqrt();
    Expr near = r.from(5).heaviside();
    Expr a = ratio(r.minus(1.6), f32 ? C7 : C16, f32 ? D7 : D16);
    Expr b = ratio(r.minus(5), f32 ? E7 : E16, f32 ? F7 : F16);
    Expr magnitude = near.select(a, b);
    return q.heaviside().select(magnitude, magnitude.negated());
  }

  private static Expr ratio(Expr x, double[] numerator, double[] denominator) {
    return polynomial(x, numerator).over(polynomial(x, denominator));
  }

  private static Expr polynomial(Expr x, double[] c) {
    Expr sum = x.like(c[c.length - 1]);
    for (int i = c.length - 2; i >= 0; i--) {
      sum = sum.times(x).plus(c[i]);
    }
    return sum;
  }
}
