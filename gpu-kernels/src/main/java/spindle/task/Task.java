package spindle.task;

import java.util.List;
import java.util.Optional;

/** A model that sweeps can name: parameters and a seed in, metrics and recordings out. */
public interface Task {
  /** What it is and what it takes. */
  Description describe();

  /**
   * What in the settings of a trial cannot go together; does no work, and is asked for every trial
   * of a plan before the first one runs.
   *
   * @return every conflict, empty if {@link #run} can begin
   */
  default List<Conflict> check(Trial trial) {
    return List.of();
  }

  /**
   * Parameters that name what lies outside the sweep, such as files. Where {@link #pin} finds what
   * it holds, that alone is part of what a trial is, and not where it lies.
   */
  default List<String> outside() {
    return List.of();
  }

  /**
   * Looks at what the settings name outside the sweep, and reads it all. Asked once per plan for
   * equal values of {@link #outside}, before anything runs.
   */
  default Pinned pin(Settings settings) {
    return Pinned.NOTHING;
  }

  /**
   * Groups of parameters (the first word of their names) that are read last: trials that differ in
   * nothing else share all the work before.
   */
  default List<String> stages() {
    return List.of();
  }

  /**
   * The work before the last stage: it may be cut into pieces, each done anywhere. The cut depends
   * on the trial alone, so that the bits do not depend on who does which piece.
   */
  default Shared shared(Trial trial) {
    return Shared.NOTHING;
  }

  /**
   * Does one piece of {@link #shared}, unless the workspace has it; {@link #run} finds it there.
   *
   * @param piece in [0, pieces)
   */
  default void share(Trial trial, int piece, Workspace workspace) {}

  /** What of it a gradient search can use; empty: it cannot be refined. */
  default Optional<Smooth> smooth() {
    return Optional.empty();
  }

  /** Predicts what {@code trial} will take, shared work included; does no work. */
  Cost cost(Trial trial);

  /**
   * Runs one trial.
   *
   * @throws IllegalArgumentException if the settings contradict each other, with the messages of
   *     {@link #check}
   */
  Outcome run(Trial trial, Recorder recorder);

  /**
   * A task as {@code spindle models} shows it.
   *
   * @param name as in {@code model:} of a sweep: {@code coba-lif}
   * @param about one or two sentences with the source
   * @param populations names that {@code record:} may use
   * @param variables what traces may name: state variables, {@code rate}
   */
  record Description(
      String name,
      String about,
      List<Parameter> parameters,
      List<Metric> metrics,
      List<String> populations,
      List<String> variables) {
    public Description {
      parameters = List.copyOf(parameters);
      metrics = List.copyOf(metrics);
      populations = List.copyOf(populations);
      variables = List.copyOf(variables);
    }
  }

  /**
   * Work that trials have in common if they differ in the last stage alone.
   *
   * @param rounds pieces into which it may be cut, by round: numbered through, and those of a round
   *     begin when those of the round before have ended
   * @param seconds predicted wall time of all pieces on one core [s]
   */
  record Shared(List<Integer> rounds, double seconds) {
    /** Every trial does all of its work itself. */
    public static final Shared NOTHING = new Shared(List.of(1), 0);

    public Shared {
      rounds = List.copyOf(rounds);
    }

    /** Number of pieces in all rounds. */
    public int pieces() {
      return rounds.stream().mapToInt(r -> r).sum();
    }
  }
}
