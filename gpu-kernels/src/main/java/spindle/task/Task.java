package spindle.task;

import java.util.List;

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
   * Groups of parameters (the first word of their names) that are read last: trials that differ in
   * nothing else share all the work before.
   */
  default List<String> stages() {
    return List.of();
  }

  /** Predicts what {@code trial} will take; does no work. */
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
   * @param variables state variables that traces may name
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
}
