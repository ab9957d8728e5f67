package spindle.sim;

import java.util.List;

/** The time loop: runs from one look of a probe to the next. */
public final class Clock {
  private final Simulation simulation;
  private final List<Probe> probes;

  /** Probes that are due at the same step look in this order. */
  public Clock(Simulation simulation, List<Probe> probes) {
    this.simulation = simulation;
    this.probes = List.copyOf(probes);
  }

  /** Runs until {@code end} steps are done or a probe says stop. */
  public Verdict run(int end) {
    while (simulation.step() < end) {
      simulation.run(next(end) - simulation.step());
      Verdict verdict = look(end);
      if (verdict.kind() != Verdict.Kind.GO_ON) {
        return verdict;
      }
    }
    return Verdict.GO_ON;
  }

  private int next(int end) {
    int next = end;
    for (Probe p : probes) {
      long due = (simulation.step() / p.interval() + 1L) * p.interval();
      next = (int) Math.min(next, due);
    }
    return next;
  }

  private Verdict look(int end) {
    Verdict verdict = Verdict.GO_ON;
    for (Probe p : probes) {
      boolean due = simulation.step() % p.interval() == 0 || simulation.step() == end;
      Verdict own = due ? p.look(simulation) : Verdict.GO_ON;
      verdict = verdict.kind() == Verdict.Kind.GO_ON ? own : verdict;
    }
    return verdict;
  }
}
