package spindle.train.fit;

import spindle.model.Group;

/**
 * A figure over the neurons of a group and over time, that can be differentiated.
 *
 * @param name of the metric it is
 * @param kind what is averaged
 * @param group whose neurons
 * @param state state variable, empty for what is of spikes
 */
public record Observable(String name, Kind kind, Group group, String state) {
  /** What is averaged. */
  public enum Kind {
    /** Spikes per second [Hz]. */
    RATE,
    /**
     * Coefficient of variation of the intervals between spikes, those of all neurons pooled: so it
     * exceeds the mean over neurons of their own where their rates differ.
     */
    IRREGULARITY,
    /** A state variable, in its unit. */
    MEAN,
    /** How far a state variable is from its mean, over neurons and time, in its unit. */
    DEVIATION;

    boolean ofSpikes() {
      return this == RATE || this == IRREGULARITY;
    }
  }

  public Observable {
    if (kind.ofSpikes() != state.isEmpty()) {
      throw new IllegalArgumentException(
          name + ": rate and irregularity are of spikes, all else of a state");
    }
    if (group.size() == 0) {
      throw new IllegalArgumentException(name + ": " + group.name() + " has no neurons");
    }
  }

  /** The rate of a group. */
  public static Observable rate(String name, Group group) {
    return new Observable(name, Kind.RATE, group, "");
  }

  /** How irregular the spikes of a group are. */
  public static Observable irregularity(String name, Group group) {
    return new Observable(name, Kind.IRREGULARITY, group, "");
  }
}
