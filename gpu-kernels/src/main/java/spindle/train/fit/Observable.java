package spindle.train.fit;

import spindle.model.Group;

/**
 * A mean over the neurons of a group and over time, that can be differentiated.
 *
 * @param name of the metric it is
 * @param kind what is averaged
 * @param group whose neurons
 * @param state state variable, empty for a rate
 */
public record Observable(String name, Kind kind, Group group, String state) {
  /** What is averaged. */
  public enum Kind {
    /** Spikes per second [Hz]. */
    RATE,
    /** A state variable, in its unit. */
    MEAN,
    /** How far a state variable is from its mean, over neurons and time, in its unit. */
    DEVIATION
  }

  public Observable {
    if ((kind == Kind.RATE) != state.isEmpty()) {
      throw new IllegalArgumentException(name + ": a rate is of spikes, all else of a state");
    }
    if (group.size() == 0) {
      throw new IllegalArgumentException(name + ": " + group.name() + " has no neurons");
    }
  }

  /** The rate of a group. */
  public static Observable rate(String name, Group group) {
    return new Observable(name, Kind.RATE, group, "");
  }
}
