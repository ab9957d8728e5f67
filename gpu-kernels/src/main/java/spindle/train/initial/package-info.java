/**
 * How parameters start: each value is a pure function of seed, stream name and index.
 *
 * <p>The {@code scale} of {@link spindle.train.initial.VarianceScaling} is a gain of the variance,
 * as in BrainPy and JAX; PyTorch's {@code gain} is its square root.
 */
package spindle.train.initial;
