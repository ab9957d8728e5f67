package spindle.task;

import static spindle.task.Unit.BYTE;
import static spindle.task.Unit.MILLISECOND;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import spindle.backend.Backend;
import spindle.sim.Backends;
import spindle.train.classify.Design;
import spindle.train.classify.ShownImages;
import spindle.train.data.Images;
import spindle.train.data.Split;
import spindle.train.loop.Part;

/**
 * Classifies images by a network of spiking neurons that is trained through time with surrogate
 * gradients (Neftci et al. 2019), as in the Fashion-MNIST comparison of the BrainPy paper.
 */
public final class SnnClassifier implements Task {
  // Forward and back, warm, JDK 17, one core of an AMD EPYC (Zen 4); dense products without
  // vectors.
  private static final double SECONDS_PER_NEURON_STEP = 12e-9;
  private static final double SECONDS_PER_WEIGHT_STEP = 0.25e-9;
  private static final double SECONDS_PER_TRIAL = 0.6;
  private static final double STATE_BYTES = 24;
  private static final int COPIES_OF_WEIGHTS = 12;

  @Override
  public Description describe() {
    return new Description(
        "snn-classifier",
        "Spiking network on images, trained by back propagation through time with surrogate"
            + " gradients (Neftci et al. 2019; BrainPy paper, arXiv 2311.05106).",
        SnnParameters.all(),
        TrainingRun.metrics(),
        List.of(),
        List.of());
  }

  @Override
  public Cost cost(Trial trial) {
    Settings s = trial.settings();
    double hidden = s.count("net.hidden");
    double pixels = (double) ImageSet.rows(s) * ImageSet.rows(s);
    double recurrent = s.word("net.recurrent").equals("yes") ? hidden * hidden : 0;
    double synapses = s.number("net.p") * (pixels * hidden + hidden * 10 + recurrent);
    double neurons = pixels + hidden + 10;
    double steps = s.number("sim.duration", MILLISECOND) / s.number("sim.dt", MILLISECOND);
    double shown = steps * (s.count("train.epochs") * ImageSet.trainCount(s));
    double state = s.count("train.batch") * neurons * STATE_BYTES;
    return new Cost(
        neurons * shown,
        synapses * shown,
        synapses,
        shown * (neurons * SECONDS_PER_NEURON_STEP + synapses * SECONDS_PER_WEIGHT_STEP)
            + SECONDS_PER_TRIAL,
        Math.min(s.number("train.memory", BYTE), state * steps)
            + COPIES_OF_WEIGHTS * Double.BYTES * synapses,
        0);
  }

  @Override
  public List<String> outside() {
    return ImageSet.OUTSIDE;
  }

  @Override
  public Pinned pin(Settings settings) {
    return ImageSet.pin(settings);
  }

  @Override
  public List<Conflict> check(Trial trial) {
    Settings s = trial.settings();
    var rules = new Rules(s, "sim.dt").multiple("sim.duration").multiple("train.window");
    TrainingParameters.surrogate(rules, s);
    double durationMs = s.number("sim.duration", MILLISECOND);
    TrainingParameters.window(rules, s, durationMs, rules.shown("sim.duration"), "sim.duration");
    if (s.word("code.kind").equals("poisson")) {
      rules.hold(
          s.number("code.rate", Unit.HERTZ) * s.number("sim.dt", Unit.SECOND) <= 1,
          rules.shown("code.rate")
              + " needs more than one spike per step of "
              + rules.shown("sim.dt")
              + "; lower one of them",
          "code.rate",
          "sim.dt");
    }
    var conflicts = new ArrayList<>(rules.broken());
    conflicts.addAll(ImageSet.check(s));
    return List.copyOf(conflicts);
  }

  @Override
  public Outcome run(Trial asked, Recorder recorder) {
    Conflict.refuse(check(asked));
    Settings s = ImageSet.pinned(asked.settings());
    Trial trial = asked.with(s);
    Backend backend = Backends.named(trial.backend());
    Design design = SnnNetwork.design(s);
    var samples = new ShownImages(images(s), SnnNetwork.stimulus(s), backend);
    return TrainingRun.of(trial, design, samples, recorder);
  }

  /** The images to validate by are the last of those to learn from. */
  private static Map<Part, Images> images(Settings s) {
    Split split = ImageSet.read(s);
    int all = split.train().count();
    int valid = (int) Math.floor(all * s.number("train.valid"));
    var images = new EnumMap<Part, Images>(Part.class);
    images.put(Part.TRAIN, split.train().subset(0, all - valid));
    images.put(Part.VALID, split.train().subset(all - valid, valid));
    images.put(Part.TEST, split.test());
    return images;
  }
}
