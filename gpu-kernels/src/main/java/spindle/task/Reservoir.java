package spindle.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.train.data.Split;
import spindle.train.readout.Confusion;
import spindle.train.readout.Features;
import spindle.train.readout.FitException;
import spindle.train.readout.Readout;
import spindle.train.readout.Ridge;
import spindle.train.readout.Rls;
import spindle.train.reservoir.LeakyReservoir;

/**
 * Classifies images by the final state of a random recurrent network and a linear readout, as in
 * the reservoir benchmark of the BrainPy paper (Wang et al. 2024, figure 5).
 *
 * <p>Parameters of the readout change nothing before it: trials that differ in them alone share one
 * simulation, in this JVM and through the sweep's workspace.
 */
public final class Reservoir implements Task {
  /** Of every parameter that only the readout reads. */
  private static final String READOUT = "readout";

  private static final String KIND = "readout.kind";
  private static final String FORCE = "force";

  /** Of all layers: a block of their states fits an array. */
  private static final int MOST_UNITS = Integer.MAX_VALUE / ReservoirWork.BLOCK;

  private static final String SCRIPT = "BrainPy script (arXiv 2311.05106)";
  private static final String OWN = "this project";

  @Override
  public Description describe() {
    return new Description(
        "reservoir",
        "Reservoir of leaky units on images, row by row, with a linear readout (Jaeger 2001;"
            + " BrainPy paper, arXiv 2311.05106, figure 5).",
        parameters(),
        metrics(),
        List.of(),
        List.of());
  }

  private static List<Parameter> parameters() {
    var parameters = new ArrayList<>(ImageSet.parameters());
    parameters.addAll(network());
    parameters.addAll(readout());
    return List.copyOf(parameters);
  }

  private static List<Parameter> network() {
    return List.of(
        Parameter.count("res.n", 500, 1, MOST_UNITS, "units per layer").from(OWN),
        Parameter.count("res.layers", 1, 1, 100, "layers; the readout sees all").from(SCRIPT),
        Parameter.number("res.p", "0.1", 0, 1, "probability of a recurrent connection")
            .from(SCRIPT),
        Parameter.number("res.radius", "1.3", 0, 1e6, "spectral radius of the recurrent weights")
            .from(SCRIPT),
        Parameter.number("res.p_in", "0.1", 0, 1, "probability of an input connection")
            .from(SCRIPT),
        Parameter.number("res.input_scale", "0.3", 0, 1e6, "largest input weight").from(SCRIPT),
        Parameter.number("res.leak", "0.3", 1e-9, 1, "share of the new state in each step")
            .from(SCRIPT + " as it runs; it says 0.6"),
        Parameter.choice("res.activation", List.of("tanh", "relu"), "of every unit").from(SCRIPT),
        Parameter.choice(
                "res.storage",
                List.of("auto", "stored", "regenerated"),
                "how weights are kept; same bits either way")
            .from(OWN));
  }

  private static List<Parameter> readout() {
    double inf = Double.POSITIVE_INFINITY;
    return List.of(
        Parameter.choice(
                KIND,
                List.of("ridge", "rls", FORCE),
                "ridge: normal equations in float64; rls: recursive least squares, of the last"
                    + " states; force: of the states after every row, with the output fed back")
            .from(OWN),
        Parameter.number("readout.ridge", "0.01", 1e-300, inf, "penalty of squared weights")
            .usedWhen(KIND, "ridge")
            .from(OWN),
        Parameter.number("readout.alpha", "0.1", 1e-300, inf, "P at the start, per unit")
            .usedWhen(KIND, "rls", FORCE)
            .from(SCRIPT),
        Parameter.count("readout.epochs", 1, 1, 1_000_000, "passes through the training images")
            .usedWhen(KIND, FORCE)
            .from(SCRIPT),
        Parameter.count("readout.skip", 0, 0, 1 << 20, "first rows that are not learnt from")
            .usedWhen(KIND, FORCE)
            .from(OWN),
        Parameter.number("readout.feedback", "1", 0, 1e6, "factor of the output that is fed back")
            .usedWhen(KIND, FORCE)
            .from("Sussillo and Abbott 2009"));
  }

  private static List<Metric> metrics() {
    return List.of(
        Metric.of("accuracy_test", "", "share of test images that are classified right")
            .within(0, 1),
        Metric.of("accuracy_test_se", "", "binomial standard error of accuracy_test").within(0, 1),
        Metric.of("accuracy_train", "", "the same of the training images").within(0, 1),
        new Metric("memory", "MB", "states and matrices as they are kept", true).nonNegative(),
        new Metric(
                "memory_if_stored",
                "MB",
                "the same with matrices as res.storage stored keeps them: per synapse 8 bytes, up to"
                    + " 65,536 units 10",
                true)
            .nonNegative(),
        new Metric(
                "t_states", "s", "time to drive the reservoir with all images, but of force", true)
            .nonNegative(),
        new Metric("t_readout", "s", "time to train and test the readout", true).nonNegative());
  }

  private static LeakyReservoir reservoir(Settings s) {
    return new LeakyReservoir(
        Math.toIntExact(s.count("res.n")),
        Math.toIntExact(s.count("res.layers")),
        s.number("res.p"),
        s.number("res.radius"),
        s.number("res.p_in"),
        s.number("res.input_scale"),
        s.number("res.leak"),
        LeakyReservoir.Activation.valueOf(
            s.word("res.activation").toUpperCase(java.util.Locale.ROOT)),
        Rows.Storage.valueOf(s.word("res.storage").toUpperCase(java.util.Locale.ROOT)));
  }

  private static ReservoirCost expected(Trial trial) {
    Settings s = trial.settings();
    LeakyReservoir reservoir = reservoir(s);
    int rows = ImageSet.rows(s);
    return new ReservoirCost(
        new ReservoirCost.Network(
            (double) reservoir.units() * reservoir.layers(),
            reservoir.expectedSynapses(rows),
            reservoir.storage() != Rows.Storage.REGENERATED),
        new ReservoirCost.Drive(ImageSet.trainCount(s), ImageSet.testCount(s), rows),
        new ReservoirCost.Learning(
            s.word(KIND).equals("ridge"),
            s.word(KIND).equals(FORCE) ? s.count("readout.epochs") : 0));
  }

  @Override
  public Cost cost(Trial trial) {
    return expected(trial).cost();
  }

  @Override
  public Shared shared(Trial trial) {
    return expected(trial).shared();
  }

  @Override
  public void share(Trial trial, int piece, Workspace workspace) {
    Conflict.refuse(check(trial));
    ReservoirStates.prepare(work(trial), piece, workspace);
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
  public List<String> stages() {
    return List.of(READOUT);
  }

  @Override
  public List<Conflict> check(Trial trial) {
    Settings s = trial.settings();
    var conflicts = new ArrayList<>(ImageSet.check(s));
    if (s.word(KIND).equals(FORCE) && s.count("readout.skip") >= ImageSet.rows(s)) {
      String rule = "readout.skip = %d must be below the %d rows of an image";
      conflicts.add(
          new Conflict(
              List.of("readout.skip"), rule.formatted(s.count("readout.skip"), ImageSet.rows(s))));
    }
    double units = (double) s.count("res.n") * s.count("res.layers");
    if (units > MOST_UNITS) {
      conflicts.add(
          new Conflict(
              List.of("res.n"),
              "res.n * res.layers must be at most " + MOST_UNITS + ", got " + (long) units));
    }
    return conflicts;
  }

  ReservoirWork work(Trial trial) {
    Settings s = ImageSet.pinned(trial.settings());
    return ReservoirWork.of(trial.with(s), READOUT, reservoir(s), ImageSet.read(s));
  }

  @Override
  public Outcome run(Trial trial, Recorder recorder) {
    Conflict.refuse(check(trial));
    ReservoirWork work = work(trial);
    Settings s = trial.settings();
    return s.word(KIND).equals(FORCE) ? force(s, work) : solved(s, work, recorder.workspace());
  }

  /** In the names of the parameters that may help. */
  private static String reason(Settings s, FitException e) {
    var names = new ArrayList<String>();
    names.add(s.word(KIND).equals("ridge") ? "readout.ridge" : "readout.alpha");
    if (s.word(KIND).equals(FORCE)) {
      names.add("readout.feedback");
    }
    names.addAll(List.of("res.activation", "res.radius", "res.leak", "res.input_scale"));
    return names.stream()
        .map(name -> name + " = " + s.values().get(name))
        .collect(Collectors.joining(", ", e.getMessage() + " (", ")"));
  }

  /** Learns while it simulates: nothing is shared. */
  private static Outcome force(Settings s, ReservoirWork work) {
    long start = System.nanoTime();
    var how =
        new ReservoirForce.How(
            s.count("readout.epochs"),
            s.count("readout.skip"),
            s.number("readout.feedback"),
            s.number("readout.alpha"));
    var force = new ReservoirForce(work, how);
    ReservoirForce.Result result;
    try {
      result = force.run();
    } catch (FitException e) {
      ReservoirFacts facts = ReservoirBlocks.facts(work, force.inputs());
      return outcome(work, facts, reason(s, e), Map.of(), since(start));
    }
    var metrics = metrics(result.test(), result.train(), result.facts().footprint());
    double seconds = since(start);
    metrics.put("t_readout", seconds);
    return outcome(work, result.facts(), "", metrics, seconds);
  }

  /** Solves for the last states of all images, which trials share. */
  private static Outcome solved(Settings s, ReservoirWork work, Workspace workspace) {
    Split images = work.images();
    long start = System.nanoTime();
    ReservoirStates states = ReservoirStates.of(work, workspace);
    ReservoirFacts facts = states.facts().with(footprint(work, states));
    long began = System.nanoTime();
    Confusion test;
    Confusion train;
    try {
      Readout readout = readout(s, states, images);
      test = confusion(readout, states.test(), images.test().labels(), images);
      train = confusion(readout, states.train(), images.train().labels(), images);
    } catch (FitException e) {
      return outcome(work, facts, reason(s, e), Map.of(), since(start));
    }
    var metrics = metrics(test, train, facts.footprint());
    metrics.put("t_states", facts.drive().seconds());
    metrics.put("t_readout", since(began));
    return outcome(work, facts, "", metrics, since(start));
  }

  /** Seconds since a moment of {@link System#nanoTime}. */
  private static double since(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  private static Map<String, Double> metrics(
      Confusion test, Confusion train, ReservoirFacts.Footprint footprint) {
    var metrics = new LinkedHashMap<String, Double>();
    metrics.put("accuracy_test", test.accuracy());
    metrics.put("accuracy_test_se", test.standardError());
    metrics.put("accuracy_train", train.accuracy());
    metrics.put("memory", footprint.bytes() * 1e-6);
    metrics.put("memory_if_stored", footprint.bytesIfStored() * 1e-6);
    return metrics;
  }

  /** Memory of this trial's own reservoir, where weights of the one that made the states differ. */
  private static ReservoirFacts.Footprint footprint(ReservoirWork work, ReservoirStates states) {
    ReservoirFacts.Footprint made = states.facts().footprint();
    return made.storage() == work.reservoir().storage()
        ? made
        : ReservoirBlocks.facts(work, work.images().train().columns()).footprint();
  }

  /**
   * Without model time: a step of a reservoir has no length.
   *
   * @param diverged why nothing was learnt, or nothing
   */
  private static Outcome outcome(
      ReservoirWork work,
      ReservoirFacts f,
      String diverged,
      Map<String, Double> metrics,
      double seconds) {
    Program step = work.reservoir().program(work.images().train().columns(), work.batch());
    return new Outcome(
        diverged.isEmpty() ? Outcome.Status.OK : Outcome.Status.DIVERGED,
        diverged,
        metrics,
        f.size().units(),
        f.size().synapses(),
        0,
        0,
        0,
        new Outcome.Timing(0, 0, seconds),
        f.machine().backend(),
        f.machine().device(),
        f.machine().shape(),
        f.footprint().bytes(),
        Map.of(),
        Map.of(step.name(), step.hash()),
        List.of());
  }

  private static Confusion confusion(Readout readout, Features x, byte[] labels, Split images) {
    return Confusion.of(images.train().classes(), labels, readout.classify(x));
  }

  private static Readout readout(Settings s, ReservoirStates states, Split images) {
    Features targets = Features.oneHot(images.train().labels(), images.train().classes());
    if (s.word(KIND).equals("ridge")) {
      var ridge = new Ridge(s.number("readout.ridge"), false);
      return states.isPrimal() ? ridge.fit(states.gram()) : ridge.fit(states.train(), targets);
    }
    var rls = new Rls(states.facts().size().units(), targets.units(), s.number("readout.alpha"));
    rls.learn(states.train(), targets);
    return rls.readout();
  }
}
