package spindle.task;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import spindle.grad.surrogate.Custom;
import spindle.grad.surrogate.Surrogate;
import spindle.grad.surrogate.Surrogates;
import spindle.task.Catalogue.Field;
import spindle.task.Catalogue.Part;
import spindle.train.encode.Direct;
import spindle.train.encode.Latency;
import spindle.train.encode.Poisson;
import spindle.train.encode.Tuning;
import spindle.train.initial.Constant;
import spindle.train.initial.Normal;
import spindle.train.initial.Orthogonal;
import spindle.train.initial.TruncatedNormal;
import spindle.train.initial.Uniform;
import spindle.train.initial.VarianceScaling;
import spindle.train.loss.CrossEntropy;
import spindle.train.loss.FiringRate;
import spindle.train.loss.MeanSquaredError;
import spindle.train.loss.SpikeCount;
import spindle.train.loss.Voltage;

/** What training is made of, for the catalogue. */
final class LearningParts {
  private static final Field MEAN = field("mean", "mean, before truncation if any");
  private static final Field DEVIATION =
      field("deviation", "standard deviation, before truncation if any");

  private LearningParts() {}

  static List<Part> all() {
    return Stream.of(
            surrogates(),
            losses(),
            regularisers(),
            OptimizerParts.optimizers(),
            OptimizerParts.rates(),
            initializers(),
            encoders())
        .flatMap(List::stream)
        .toList();
  }

  static Field field(String name, String about) {
    return new Field(name, "", "", about);
  }

  private static Field field(String name, String unit, String about) {
    return new Field(name, unit, "", about);
  }

  private static List<Part> surrogates() {
    var parts = new ArrayList<Part>();
    for (Surrogate s : Surrogate.all()) {
      Record defaults = (Record) s;
      parts.add(
          new Part(
              "surrogate",
              Surrogates.name(s),
              defaults.getClass(),
              defaults(defaults),
              "derivative of a spike: " + s.formula(),
              "brainpy.math.surrogate (BrainPy 2.x)"));
    }
    parts.add(
        new Part(
            "surrogate",
            "formula",
            Custom.class,
            List.of(
                field("formula", "in x, pi and the parameters"),
                field("parameters", "a number per name")),
            "derivative of a spike as text: alpha / 2 * exp(-alpha * abs(x))",
            "this project"));
    return parts;
  }

  private static List<Field> defaults(Record part) {
    var fields = new ArrayList<Field>();
    for (RecordComponent c : part.getClass().getRecordComponents()) {
      try {
        double value = ((Number) c.getAccessor().invoke(part)).doubleValue();
        fields.add(field(c.getName(), "default " + Quantity.decimal(value)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot read " + c, e);
      }
    }
    return fields;
  }

  private static List<Part> losses() {
    return List.of(
        new Part(
            "loss",
            "cross-entropy",
            CrossEntropy.class,
            List.of(),
            "log sum_c e^y_c - y_label, stable",
            "by definition; PyTorch's cross_entropy"),
        new Part(
            "loss",
            "mean-squared-error",
            MeanSquaredError.class,
            List.of(),
            "mean over elements of (output - target)^2",
            "by definition; PyTorch's mse_loss"),
        new Part(
            "loss",
            "spike-count",
            SpikeCount.class,
            List.of(
                field("right", "spikes asked of the right neuron"),
                field("wrong", "spikes asked of every other neuron")),
            "mean over neurons of (count - asked count)^2",
            "snnTorch's mse_count_loss"));
  }

  private static List<Part> regularisers() {
    return List.of(
        new Part(
            "regulariser",
            "firing-rate",
            FiringRate.class,
            List.of(field("targetHz", "Hz", "rate asked for"), field("dtMs", "ms", "time step")),
            "mean over neurons of (rate - target)^2, in Hz^2",
            "Bellec et al. 2018, LSNN"),
        new Part(
            "regulariser",
            "voltage",
            Voltage.class,
            List.of(
                field("upper", "no penalty up to here; default 0.4"),
                field("lower", "no penalty down to here; default -2")),
            "(mean of max(0, v - upper)^2 + max(0, lower - v)^2)^2",
            "BrainPy's working-memory script (arXiv 2311.05106)"));
  }

  private static List<Part> initializers() {
    String kind = "initializer";
    return List.of(
        new Part(
            kind,
            "constant-initializer",
            Constant.class,
            List.of(field("value", "every value")),
            "every value the same",
            "by definition"),
        new Part(
            kind,
            "uniform-initializer",
            Uniform.class,
            List.of(field("low", "lower bound, exclusive"), field("high", "upper bound")),
            "uniform between bounds",
            "by definition"),
        new Part(
            kind,
            "normal-initializer",
            Normal.class,
            List.of(MEAN, DEVIATION),
            "normal",
            "by inversion: Wichura 1988, AS 241"),
        new Part(
            kind,
            "truncated-normal-initializer",
            TruncatedNormal.class,
            List.of(
                MEAN,
                DEVIATION,
                field("low", "lower bound, in deviations"),
                field("high", "upper bound, in deviations")),
            "normal, given that it is between bounds",
            "by inversion: Wichura 1988, AS 241"),
        new Part(
            kind,
            "variance-scaling",
            VarianceScaling.class,
            List.of(
                field("scale", "gain of the variance"),
                field("fan", "IN, OUT or MEAN"),
                field("law", "UNIFORM, NORMAL or TRUNCATED_NORMAL")),
            "variance scale / fan: Kaiming (2, IN), Xavier (1, MEAN), LeCun (1, IN)",
            "He et al. 2015; Glorot and Bengio 2010; LeCun et al. 1998"),
        new Part(
            kind,
            "orthogonal",
            Orthogonal.class,
            List.of(field("scale", "length of rows or columns; default 1")),
            "a random matrix of orthogonal rows or columns",
            "Saxe et al. 2014; Mezzadri 2007"));
  }

  private static List<Part> encoders() {
    String kind = "encoder";
    return List.of(
        new Part(
            kind,
            "poisson-encoder",
            Poisson.class,
            List.of(field("rateHz", "Hz", "rate at intensity 1")),
            "spikes with probability intensity x rate x dt",
            "a Poisson process to first order in dt"),
        new Part(
            kind,
            "latency-encoder",
            Latency.class,
            List.of(
                field("law", "LINEAR or LOGARITHMIC"),
                field("tauMs", "ms", "time constant"),
                field("threshold", "least intensity, exclusive")),
            "one spike at tau (1 - x) or tau ln(x / (x - threshold))",
            "Zenke and Vogels 2021"),
        new Part(
            kind,
            "direct-encoder",
            Direct.class,
            List.of(field("gain", "current at intensity 1")),
            "the same current at every step",
            "by definition"),
        new Part(
            kind,
            "tuning-encoder",
            Tuning.class,
            List.of(
                field("channels", "number of channels; default 100"),
                field("kappa", "sharpness; default 2"),
                field("peakHz", "Hz", "what the preferred direction adds; default 40"),
                field("backgroundHz", "Hz", "rate without a stimulus; default 1")),
            "rates of channels that prefer directions",
            "BrainPy's working-memory script (arXiv 2311.05106)"));
  }
}
