package spindle.task;

import static spindle.task.LearningParts.field;

import java.util.List;
import spindle.task.Catalogue.Field;
import spindle.task.Catalogue.Part;
import spindle.train.optimizer.Adam;
import spindle.train.optimizer.AdamW;
import spindle.train.optimizer.LearningRate;
import spindle.train.optimizer.Momentum;
import spindle.train.optimizer.Nesterov;
import spindle.train.optimizer.RmsProp;
import spindle.train.optimizer.Sgd;

/** Optimizers and learning rates, for the catalogue. */
final class OptimizerParts {
  private static final Field MOMENTUM =
      field("momentum", "share of the velocity that is kept; default 0.9");
  private static final Field EPSILON = field("epsilon", "keeps quotients finite; default 1e-8");
  private static final Field RATE = field("rate", "learning rate at the start");
  private static final Field GAMMA = field("gamma", "factor");
  private static final Field MINIMUM = field("minimum", "learning rate at the bottom");

  private OptimizerParts() {}

  static List<Part> optimizers() {
    return List.of(
        new Part(
            "optimizer", "sgd", Sgd.class, List.of(), "w = w - rate g", "Robbins and Monro 1951"),
        new Part(
            "optimizer",
            "momentum",
            Momentum.class,
            List.of(MOMENTUM),
            "u = momentum u + g; w = w - rate u",
            "Polyak 1964; PyTorch's form"),
        new Part(
            "optimizer",
            "nesterov",
            Nesterov.class,
            List.of(MOMENTUM),
            "u = momentum u + g; w = w - rate (g + momentum u)",
            "Nesterov 1983; PyTorch's form"),
        new Part(
            "optimizer",
            "rms-prop",
            RmsProp.class,
            List.of(field("decay", "of the mean square; default 0.9"), EPSILON),
            "w = w - rate g / (sqrt(mean g^2) + epsilon)",
            "Tieleman and Hinton 2012"),
        new Part(
            "optimizer",
            "adam",
            Adam.class,
            List.of(
                field("beta1", "decay of the mean; default 0.9"),
                field("beta2", "decay of the mean square; default 0.999"),
                EPSILON),
            "w = w - rate mean g / (sqrt(mean g^2) + epsilon), means unbiased",
            "Kingma and Ba 2015, algorithm 1"),
        new Part(
            "optimizer",
            "adam-w",
            AdamW.class,
            List.of(
                field("adam", "as adam"),
                field("weightDecay", "share of w that goes per unit of rate; default 0.01")),
            "w = w - rate weightDecay w, then as adam",
            "Loshchilov and Hutter 2019"));
  }

  static List<Part> rates() {
    return List.of(
        rate("constant-rate", LearningRate.Constant.class, List.of(RATE), "rate"),
        rate(
            "step-rate",
            LearningRate.Step.class,
            List.of(RATE, field("every", "updates"), GAMMA),
            "rate gamma^floor(k / every)"),
        rate(
            "multi-step-rate",
            LearningRate.MultiStep.class,
            List.of(RATE, field("milestones", "numbers of updates"), GAMMA),
            "rate gamma^n after n milestones"),
        rate(
            "exponential-rate",
            LearningRate.Exponential.class,
            List.of(RATE, GAMMA),
            "rate gamma^k"),
        rate(
            "cosine-rate",
            LearningRate.Cosine.class,
            List.of(RATE, field("steps", "updates from top to bottom"), MINIMUM),
            "half a cosine from rate to minimum"),
        rate(
            "warm-restarts-rate",
            LearningRate.WarmRestarts.class,
            List.of(
                RATE,
                field("first", "updates before the first restart"),
                field("factor", "each time as many more"),
                MINIMUM),
            "a cosine that restarts"));
  }

  private static Part rate(
      String name, Class<? extends Record> type, List<Field> fields, String about) {
    return new Part("learning-rate", name, type, fields, about, "PyTorch's lr_scheduler");
  }
}
