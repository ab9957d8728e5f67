package spindle.task;

import static spindle.task.Unit.HERTZ;
import static spindle.task.Unit.MILLISECOND;
import static spindle.task.Unit.MILLIVOLT;

import java.util.ArrayList;
import java.util.List;
import spindle.grad.surrogate.Surrogates;
import spindle.train.classify.Design;
import spindle.train.loss.FiringRate;
import spindle.train.optimizer.Optimizers;

/** The parameters of every task that trains, with the place each default was taken from. */
final class TrainingParameters {
  private static final String SCRIPT = "BrainPy script (arXiv 2311.05106)";
  private static final String OWN = "this project";
  private static final String SURROGATE = "surrogate.kind";
  private static final double INF = Double.POSITIVE_INFINITY;

  private TrainingParameters() {}

  /** What the derivative of spikes is, with its defaults. */
  static List<Parameter> surrogate(String kind, String width, String source) {
    return List.of(
        Parameter.text(
                SURROGATE,
                kind,
                "derivative of spikes by x: name, name(parameter = number) or formula of x")
            .from(source),
        Parameter.number(
                "surrogate.width", width, 1e-6, 1e6, "distance from threshold at which x = 1")
            .from(OWN));
  }

  /** The learning rate at the start. */
  static Parameter rate(String fallback) {
    return Parameter.number("train.rate", fallback, 0, 1e6, "learning rate at the start");
  }

  /** Descent over so many epochs. */
  static List<Parameter> training(long epochs, Parameter rate) {
    return List.of(
        Parameter.count("train.epochs", epochs, 0, 1_000_000, "passes through the samples")
            .from(SCRIPT),
        Parameter.count("train.batch", 64, 1, 65_536, "samples per update").from(OWN),
        Parameter.choice(
                "train.optimizer",
                Optimizers.names(),
                "with the defaults that spindle models lists")
            .from(SCRIPT),
        rate,
        Parameter.choice(
                "train.schedule",
                List.of("constant", "cosine", "step", "exponential"),
                "cosine: to 0 at the end; step, exponential: times train.gamma an epoch, at its end"
                    + " or update by update")
            .from(OWN),
        Parameter.number("train.gamma", "0.9", 0, 1, "factor of the rate in an epoch")
            .usedWhen("train.schedule", "step", "exponential")
            .from(OWN),
        Parameter.choice(
                "train.keep",
                List.of("last", "best"),
                "whose weights are judged: of the last epoch, or of the least validation loss")
            .from(OWN));
  }

  /** What training may take, and what ends it. */
  static List<Parameter> limits() {
    return List.of(
        Parameter.number("train.clip", "0", 0, INF, "largest norm of a gradient; 0: any").from(OWN),
        Parameter.number("train.max_norm", "1000000", 1e-9, INF, "a larger gradient ends the trial")
            .from(OWN),
        Parameter.number("train.max_loss", "1000", 1e-9, INF, "a larger loss ends the trial")
            .from(OWN),
        Parameter.number("train.window", "0 ms", 0, 1e6, "how far gradients reach back; 0: all")
            .from(OWN),
        Parameter.choice(
                "train.beyond",
                List.of("nothing", "traces"),
                "what a window takes from before it: nothing, or eligibility traces (e-prop)")
            .usedWhen("train.window")
            .from(OWN),
        Parameter.number("train.memory", "1 GB", 0, 1e9, "for states kept; same bits for any")
            .from(OWN),
        Parameter.count(
                "train.checkpoint_every",
                0,
                0,
                1L << 40,
                "updates between checkpoints, beside those after each epoch; 0: none")
            .from(OWN));
  }

  /** A span of time in whole steps. */
  static int steps(Settings s, String span) {
    double steps = s.number(span, MILLISECOND) / s.number("sim.dt", MILLISECOND);
    return Math.toIntExact(Math.round(steps));
  }

  /** The derivative of spikes that the settings ask for. */
  static Design.Spikes spikes(Settings s) {
    return new Design.Spikes(
        Surrogates.of(s.word(SURROGATE)), s.number("surrogate.width", MILLIVOLT));
  }

  /** The derivative of spikes must be one that there is. */
  static void surrogate(Rules rules, Settings s) {
    try {
      spikes(s);
    } catch (IllegalArgumentException e) {
      rules.hold(false, e.getMessage(), SURROGATE);
    }
  }

  /** The penalty on rates that the settings ask for, or none. */
  static List<Design.Penalty> ratePenalty(Settings s) {
    double factor = s.number("loss.penalty");
    var rate = new FiringRate(s.number("loss.rate", HERTZ), s.number("sim.dt", MILLISECOND));
    return factor > 0 ? List.of(Design.Penalty.onSpikes(factor, rate)) : List.of();
  }

  /** Gradients may be truncated to windows of which an episode has a whole number. */
  static void window(Rules rules, Settings s, double episodeMs, String shown, String... keys) {
    rules.multiple("train.window");
    double windowMs = s.number("train.window", MILLISECOND);
    rules.hold(
        windowMs == 0 || s.word("train.beyond").equals("nothing") || s.count("train.batch") == 1,
        rules.shown("train.beyond") + " needs batches of one sample; set train.batch to 1",
        "train.beyond",
        "train.batch");
    if (windowMs > 0 && rules.broken().isEmpty()) {
      double windows = episodeMs / windowMs;
      var all = new ArrayList<>(List.of(keys));
      all.add("train.window");
      rules.hold(
          Math.abs(windows - Math.rint(windows)) < 1e-9,
          shown + " must be a multiple of " + rules.shown("train.window"),
          all.toArray(new String[0]));
    }
  }
}
