package spindle.grad.surrogate;

import java.util.List;
import spindle.ir.Expr;
import spindle.ir.Op;

/**
 * A function that stands in for the derivative of a spike, which is 0 almost everywhere.
 *
 * <p>A spike has the value of Heaviside's step, 1 from threshold on, and the derivative g that the
 * surrogate names; x is how far the neuron is above threshold, in units that the model chooses. The
 * functions, their names and defaults are those of {@code brainpy.math.surrogate} (BrainPy 2.x,
 * Wang et al., eLife 2023); papers that introduced one are named beside it. s(z) is the logistic
 * function 1 / (1 + e^-z), N(x; m, d) the normal density with mean m and deviation d.
 */
public sealed interface Surrogate
    permits Arctan,
        Custom,
        Erf,
        GaussianGrad,
        InvSquareGrad,
        LeakyRelu,
        LogTailedRelu,
        MultiGaussianGrad,
        NonzeroSignLog,
        PiecewiseExp,
        PiecewiseLeakyRelu,
        PiecewiseQuadratic,
        QPseudoSpike,
        ReluGrad,
        S2nn,
        Sigmoid,
        SlayerGrad,
        SoftSign,
        SquarewaveFourierSeries {

  /** g(x). */
  Expr derivative(Expr x);

  /** g as text, with the names of the record's components. */
  String formula();

  /**
   * 1 where x is at least 0, else 0; its derivative is g(x). Where a g that is cut off (by a
   * maximum, minimum, step or choice) is 0, no cotangent passes, not even an infinite one or NaN.
   */
  default Expr spike(Expr x) {
    // The derivative of a product whose first factor stops gradients is that factor.
    return x.heaviside().apply(Op.PROXY, derivative(x).apply(Op.STOP).times(x));
  }

  /** Every surrogate that has a name, with its default parameters; {@link Custom} has none. */
  static List<Surrogate> all() {
    return List.of(
        new Sigmoid(),
        new PiecewiseQuadratic(),
        new PiecewiseExp(),
        new SoftSign(),
        new Arctan(),
        new NonzeroSignLog(),
        new Erf(),
        new PiecewiseLeakyRelu(),
        new SquarewaveFourierSeries(),
        new S2nn(),
        new QPseudoSpike(),
        new LeakyRelu(),
        new LogTailedRelu(),
        new ReluGrad(),
        new GaussianGrad(),
        new MultiGaussianGrad(),
        new InvSquareGrad(),
        new SlayerGrad());
  }
}
