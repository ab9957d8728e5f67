package spindle.task;

import static spindle.task.Unit.BYTE;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import spindle.backend.Backend;
import spindle.model.Population;
import spindle.sim.Backends;
import spindle.train.bptt.Bptt;
import spindle.train.bptt.OverBudgetException;
import spindle.train.classify.Classifier;
import spindle.train.classify.Design;
import spindle.train.classify.Samples;
import spindle.train.loop.Checkpoint;
import spindle.train.loop.Part;
import spindle.train.loop.Point;
import spindle.train.loop.Schedule;
import spindle.train.loop.Trainee;
import spindle.train.loop.Trainer;
import spindle.train.optimizer.LearningRate;
import spindle.train.optimizer.Optimizers;

/** One training of a classifier and what becomes of it. */
record TrainingRun(Trial trial, Design design, Classifier classifier, Backend backend) {
  /** Parameters that change no bit of what is learned. */
  private static final List<String> FREE = List.of("train.checkpoint_every", "train.memory");

  /** What every training yields. */
  static List<Metric> metrics() {
    return List.of(
        Metric.of("accuracy_test", "", "share of test samples that are classified right")
            .within(0, 1),
        Metric.of("accuracy_test_se", "", "binomial standard error of accuracy_test").within(0, 1),
        Metric.of("accuracy_valid", "", "the same of the samples held out from training")
            .within(0, 1),
        Metric.of("accuracy_train", "", "the same of the training samples, after training")
            .within(0, 1),
        Metric.of("loss_test", "", "mean loss of the test samples").nonNegative(),
        Metric.of("loss_valid", "", "mean loss of the samples held out from training")
            .nonNegative(),
        Metric.of("loss_train", "", "mean loss of the training samples, after training")
            .nonNegative(),
        Metric.of("spikes_per_inference", "", "spikes of hidden neurons per test sample")
            .nonNegative(),
        Metric.of("epochs", "", "epochs that were finished").nonNegative(),
        Metric.of("best_epoch", "", "the one after which the validation loss was least")
            .nonNegative(),
        Metric.of("loss", "", "curve by epoch: mean loss, of training samples while they learn")
            .nonNegative(),
        Metric.of("accuracy", "", "curve by epoch: share of samples that are classified right")
            .within(0, 1),
        new Metric("t_train", "s", "time to train, since the last start", true).nonNegative());
  }

  /** Builds and trains a classifier; one that does not fit its memory ends before it begins. */
  static Outcome of(Trial trial, Design design, Samples samples, Recorder recorder) {
    Backend backend = Backends.named(trial.backend());
    long start = System.nanoTime();
    var memory = memory(trial.settings(), design.steps());
    try (var classifier = new Classifier(design, samples, memory, trial.seed(), backend)) {
      double buildS = (System.nanoTime() - start) * 1e-9;
      return new TrainingRun(trial, design, classifier, backend).run(recorder.workspace(), buildS);
    } catch (OverBudgetException e) {
      return refused(design, e.getMessage(), backend);
    }
  }

  /** How far gradients reach back, and what that may take, of an episode of so many steps. */
  private static Classifier.Memory memory(Settings s, int steps) {
    int window = TrainingParameters.steps(s, "train.window");
    long bytes = (long) s.number("train.memory", BYTE);
    boolean traces = window > 0 && s.word("train.beyond").equals("traces");
    return new Classifier.Memory(
        window > 0 ? window : steps, bytes, traces ? Bptt.Beyond.TRACES : Bptt.Beyond.NOTHING);
  }

  private Outcome run(Workspace workspace, double buildS) {
    String key = key();
    var kept = new Trainer.Kept(new TrainingFiles(workspace, key), key);
    long start = System.nanoTime();
    try (var trainer = new Trainer(classifier, schedule(), kept, backend)) {
      Trainer.Result result = trainer.run();
      double seconds = (System.nanoTime() - start) * 1e-9;
      var metrics = new TreeMap<String, Double>();
      metrics.put("epochs", (double) result.last().epoch());
      metrics.put("t_train", seconds);
      if (result.ending() == Trainer.Ending.FINISHED) {
        judge(trainer, result.last(), metrics);
      }
      return outcome(result, metrics, buildS, (System.nanoTime() - start) * 1e-9);
    }
  }

  private String key() {
    var parts = new TreeMap<String, String>();
    trial.settings().values().forEach((name, value) -> parts.put(name, value.canonical()));
    FREE.forEach(parts::remove);
    return design.network().name()
        + " v"
        + NumericsVersion.CURRENT
        + " seed "
        + trial.seed()
        + " "
        + parts;
  }

  private Schedule schedule() {
    Settings s = trial.settings();
    double clip = s.number("train.clip");
    return new Schedule(
        Math.toIntExact(s.count("train.epochs")),
        trial.seed(),
        Optimizers.named(s.word("train.optimizer")),
        rate(s),
        clip == 0 ? Double.POSITIVE_INFINITY : clip,
        new Schedule.Guards(s.number("train.max_loss"), s.number("train.max_norm")),
        s.count("train.checkpoint_every"));
  }

  private LearningRate rate(Settings s) {
    double rate = s.number("train.rate");
    int members = design.members();
    long perEpoch = Math.max(1, (classifier.count(Part.TRAIN) + members - 1) / members);
    return switch (s.word("train.schedule")) {
      case "cosine" ->
          new LearningRate.Cosine(rate, Math.max(1, perEpoch * s.count("train.epochs")), 0);
      case "step" -> new LearningRate.Step(rate, perEpoch, s.number("train.gamma"));
      case "exponential" ->
          new LearningRate.Exponential(
              rate, StrictMath.pow(s.number("train.gamma"), 1.0 / perEpoch));
      default -> new LearningRate.Constant(rate);
    };
  }

  /** Evaluates all parts with the parameters that are to be judged. */
  private void judge(Trainer trainer, Checkpoint last, Map<String, Double> metrics) {
    Checkpoint.Best best = last.best();
    if (trial.settings().word("train.keep").equals("best") && best.epoch() > 0) {
      trainer.show(best.parameters());
    }
    if (best.epoch() > 0) {
      metrics.put("best_epoch", (double) best.epoch());
    }
    for (Part part : Part.values()) {
      Map<String, Double> means = trainer.evaluate(part);
      if (!means.isEmpty()) {
        metrics.put("loss_" + part.word(), means.get(Trainee.LOSS));
        metrics.put("accuracy_" + part.word(), means.get(Classifier.ACCURACY));
      }
      if (part == Part.TEST && !means.isEmpty()) {
        double p = means.get(Classifier.ACCURACY);
        metrics.put("accuracy_test_se", Math.sqrt(p * (1 - p) / classifier.count(part)));
        metrics.put(Classifier.SPIKES, means.get(Classifier.SPIKES));
      }
    }
  }

  private Outcome outcome(
      Trainer.Result result, Map<String, Double> metrics, double buildS, double seconds) {
    return new Outcome(
        status(result.ending()),
        result.reason(),
        metrics,
        neurons(design),
        classifier.size(),
        0,
        design.network().dtMs(),
        0,
        new Outcome.Timing(buildS, 0, seconds),
        backend.name(),
        backend.device(),
        classifier.shape(),
        classifier.bytes(),
        Map.of(),
        classifier.kernels(),
        curve(result.last().curve()));
  }

  /** The outcome of a training that cannot begin in the memory it may take. */
  private static Outcome refused(Design design, String reason, Backend backend) {
    return new Outcome(
        Outcome.Status.STOPPED,
        reason,
        Map.of(),
        neurons(design),
        0,
        0,
        design.network().dtMs(),
        0,
        new Outcome.Timing(0, 0, 0),
        backend.name(),
        backend.device(),
        0);
  }

  private static Outcome.Status status(Trainer.Ending ending) {
    return switch (ending) {
      case FINISHED -> Outcome.Status.OK;
      case DIVERGED -> Outcome.Status.DIVERGED;
      case STOPPED -> Outcome.Status.STOPPED;
    };
  }

  private static long neurons(Design design) {
    return design.network().populations().stream().mapToLong(Population::size).sum();
  }

  private static List<CurvePoint> curve(List<Point> points) {
    return points.stream()
        .map(p -> new CurvePoint(p.metric(), p.part().word(), p.epoch(), p.update(), p.value()))
        .toList();
  }
}
