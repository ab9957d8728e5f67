package spindle.task;

import static spindle.task.Unit.MILLISECOND;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import spindle.backend.Backend;
import spindle.model.Group;
import spindle.model.Network;
import spindle.model.Population;
import spindle.model.State;
import spindle.model.Steps;
import spindle.sim.Backends;
import spindle.sim.Clock;
import spindle.sim.Divergence;
import spindle.sim.FiniteProbe;
import spindle.sim.PopulationRate;
import spindle.sim.Probe;
import spindle.sim.RateGuard;
import spindle.sim.Simulation;
import spindle.sim.SpikeProbe;
import spindle.sim.SpikeReader;
import spindle.sim.SpikeStatistics;
import spindle.sim.TraceProbe;
import spindle.sim.Verdict;

/** Runs one trial of a spiking network with the usual statistics, guards and recordings. */
final class TrialRun {
  private static final double LOOK_MS = 100;
  private static final double BIN_MS = 5;

  private final Network network;
  private final List<Group> groups;
  private final Trial trial;
  private final Recorder recorder;
  private final int steps;
  private final int warmup;
  private final int look;
  private final Map<Group, SpikeStatistics> statistics = new LinkedHashMap<>();
  private final Group all;
  private final List<SpikeChunks> spikeChunks;
  private final List<Probe> traceProbes = new ArrayList<>();
  private final List<SpikeReader> rates = new ArrayList<>();
  private final List<TraceChunks> traces = new ArrayList<>();

  TrialRun(Network network, List<Group> groups, Trial trial, Recorder recorder) {
    this.network = network;
    this.groups = groups;
    this.trial = trial;
    this.recorder = recorder;
    this.steps = steps("sim.duration");
    this.warmup = steps("sim.warmup");
    this.look = (int) Math.max(1, Math.round(LOOK_MS / network.dtMs()));
    this.all = network.populations().get(0).all();
    this.spikeChunks = spikeChunks();
    trial.recording().traces().forEach(this::trace);
  }

  private int steps(String parameter) {
    double ms = trial.settings().number(parameter, MILLISECOND);
    return Steps.of(parameter, ms, network.dtMs());
  }

  Outcome run() {
    Backend backend = Backends.named(trial.backend());
    try (Simulation simulation = new Simulation(network, trial.seed(), backend)) {
      long start = System.nanoTime();
      RateGuard guard = guard();
      SpikeProbe spikes = spikes(guard);
      Verdict verdict = new Clock(simulation, probes(spikes, guard)).run(steps);
      double seconds = (System.nanoTime() - start) * 1e-9;
      End end = new End(verdict, simulation.step());
      if (verdict.kind() == Verdict.Kind.DIVERGED) {
        end = diverged(simulation, backend);
        spikes.pass(simulation, end.steps());
      }
      for (SpikeChunks chunks : spikeChunks) {
        chunks.finish(end.steps());
      }
      traces.forEach(TraceChunks::finish);
      return outcome(simulation, end, seconds, backend);
    }
  }

  private RateGuard guard() {
    Guards limits = trial.guards();
    Group everyone = all.population().group("network", 0, all.size());
    return new RateGuard(
        everyone, look, network.dtMs(), limits.maxRateHz(), limits.silentAfterMs());
  }

  private SpikeProbe spikes(RateGuard guard) {
    int bin = (int) Math.max(1, Math.round(BIN_MS / network.dtMs()));
    statistics.put(all, new SpikeStatistics(all, warmup, bin));
    groups.forEach(g -> statistics.put(g, new SpikeStatistics(g, warmup, bin)));
    var readers = new ArrayList<SpikeReader>(statistics.values());
    readers.addAll(spikeChunks);
    readers.addAll(rates);
    readers.add(guard);
    Map<Population, List<SpikeReader>> byPopulation = Map.of(all.population(), readers);
    return new SpikeProbe(look, byPopulation);
  }

  private List<Probe> probes(SpikeProbe spikes, RateGuard guard) {
    var probes = new ArrayList<Probe>();
    probes.add(new Sound(new FiniteProbe(look, groups), spikes));
    probes.addAll(traceProbes);
    probes.add(guard);
    return probes;
  }

  /** Counts spikes only while the state is finite: where v is NaN, the threshold sees spikes. */
  private record Sound(FiniteProbe finite, SpikeProbe spikes) implements Probe {
    @Override
    public int interval() {
      return finite.interval();
    }

    @Override
    public Verdict look(Simulation simulation) {
      Verdict verdict = finite.look(simulation);
      return verdict.kind() == Verdict.Kind.GO_ON ? spikes.look(simulation) : verdict;
    }
  }

  private List<SpikeChunks> spikeChunks() {
    int chunk =
        Math.max(1, Steps.of("record.spikes.chunk", trial.recording().chunkMs(), network.dtMs()));
    return trial.recording().spikes().stream()
        .map(name -> new SpikeChunks(group(name), chunk, recorder))
        .toList();
  }

  private void trace(Recording.Trace t) {
    int every = Math.max(1, Steps.of("record.traces.every", t.everyMs(), network.dtMs()));
    Group group = group(t.population());
    if (group.size() == 0) {
      return;
    }
    if (t.isRate()) {
      var chunks = chunks(new TraceChunks.Trace(group, t.variable(), "Hz", every, new int[0]));
      rates.add(new PopulationRate(group, every, network.dtMs(), chunks::add));
    } else {
      int[] neurons = IntStream.range(0, Math.min(t.neurons(), group.size())).toArray();
      var what = new TraceChunks.Trace(group, t.variable(), unit(t.variable()), every, neurons);
      traceProbes.add(new TraceProbe(group, t.variable(), neurons, every, chunks(what)::add));
    }
  }

  private TraceChunks chunks(TraceChunks.Trace what) {
    var chunks = new TraceChunks(what, recorder);
    traces.add(chunks);
    return chunks;
  }

  private String unit(String variable) {
    return network.states(all.population()).stream()
        .filter(s -> s.name().equals(variable))
        .map(State::unit)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no variable \"" + variable + "\""));
  }

  private Group group(String name) {
    return groups.stream()
        .filter(g -> g.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no population \"" + name + "\""));
  }

  /**
   * How a trial ended.
   *
   * @param steps number of steps whose state and spikes count
   */
  private record End(Verdict verdict, int steps) {}

  private End diverged(Simulation simulation, Backend backend) {
    int lost = simulation.step();
    int sound = (lost - 1) / look * look;
    Divergence where =
        Divergence.locate(
            () -> new Simulation(network, trial.seed(), backend), groups, sound, lost);
    return new End(new Verdict(Verdict.Kind.DIVERGED, where.reason()), where.step() - 1);
  }

  private Outcome outcome(Simulation simulation, End end, double seconds, Backend backend) {
    Verdict verdict = end.verdict();
    double simulatedMs = end.steps() * network.dtMs();
    return new Outcome(
        switch (verdict.kind()) {
          case GO_ON -> Outcome.Status.OK;
          case DIVERGED -> Outcome.Status.DIVERGED;
          case STOPPED -> Outcome.Status.STOPPED;
        },
        verdict.reason(),
        verdict.kind() == Verdict.Kind.GO_ON ? metrics(simulatedMs / 1000 / seconds) : Map.of(),
        all.size(),
        simulation.synapses().values().stream().mapToLong(n -> n).sum(),
        simulatedMs,
        network.dtMs(),
        statistics.get(all).allSpikes(),
        new Outcome.Timing(simulation.buildSeconds(), simulation.compileSeconds(), seconds),
        backend.name(),
        backend.device(),
        simulation.shape(),
        simulation.bytes(),
        sizes(),
        simulation.kernels(),
        List.of());
  }

  private Map<String, Long> sizes() {
    return groups.stream().collect(Collectors.toMap(Group::name, g -> (long) g.size()));
  }

  private Map<String, Double> metrics(double realtimeFactor) {
    double measured = (steps - warmup) * network.dtMs() * 1e-3;
    var metrics = new LinkedHashMap<String, Double>();
    metrics.put("mean_rate", statistics.get(all).rate(measured));
    groups.forEach(g -> metrics.put("mean_rate_" + g.name(), statistics.get(g).rate(measured)));
    metrics.put("cv_isi", statistics.get(all).cvIsi());
    metrics.put("synchrony_chi", statistics.get(all).synchrony());
    metrics.put("realtime_factor", realtimeFactor);
    metrics.values().removeIf(value -> !Double.isFinite(value));
    return metrics;
  }
}
