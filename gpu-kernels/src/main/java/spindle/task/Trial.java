package spindle.task;

/**
 * Everything a task needs to run once; its result is a pure function of settings and seed.
 *
 * @param settings every parameter of the task
 * @param seed root of every random number
 * @param backend {@code auto}, {@code cpu}, {@code cuda}, {@code cuda:1} or {@code reference}
 * @param recording what to keep
 * @param guards when to stop early
 */
public record Trial(
    Settings settings, long seed, String backend, Recording recording, Guards guards) {

  /** The same with other settings. */
  Trial with(Settings changed) {
    return new Trial(changed, seed, backend, recording, guards);
  }
}
