package spindle.train.classify;

import java.util.List;
import spindle.ir.Expr;
import spindle.model.Cell;
import spindle.model.Initial;
import spindle.model.State;
import spindle.train.encode.Poisson;
import spindle.train.encode.Presentation;

/**
 * Poisson channels that see one direction, and after a delay another: a trial of delayed match to
 * sample. What each of the two adds to the rates of the channels is in the states {@code sample}
 * and {@code test} [Hz].
 *
 * @param times of the trial
 * @param backgroundHz rate of every channel at all times [Hz]
 * @param members trials side by side
 * @param dtMs time step [ms]
 */
public record Directions(Times times, double backgroundHz, int members, double dtMs)
    implements Stimulus {
  /** The states that no step changes. */
  public static final String SAMPLE = "sample";

  public static final String TEST = "test";

  /**
   * Parts of a trial, one after the other [steps].
   *
   * @param fixation before the sample
   * @param sample while the first direction is seen
   * @param delay without a direction
   * @param test while the second direction is seen
   */
  public record Times(int fixation, int sample, int delay, int test) {
    public Times {
      if (fixation < 0 || sample < 1 || delay < 0 || test < 1) {
        throw new IllegalArgumentException(
            "sample and test need at least 1 step, fixation and delay 0, got "
                + List.of(fixation, sample, delay, test));
      }
    }

    /** The first step of the test. */
    public int testFrom() {
      return fixation + sample + delay;
    }

    /** All steps. */
    public int all() {
      return Math.addExact(testFrom(), test);
    }
  }

  @Override
  public List<State> states() {
    var zero = new Initial.Constant(0);
    return List.of(new State(SAMPLE, "Hz", zero), new State(TEST, "Hz", zero));
  }

  @Override
  public Expr step(Cell cell) {
    Expr sample = cell.state(SAMPLE);
    Presentation at = Stimulus.presentation(sample.trace(), members, dtMs);
    Expr first = during(cell, at.step(), SAMPLE, times.fixation(), times.sample());
    Expr second = during(cell, at.step(), TEST, times.testFrom(), times.test());
    Expr seen = sample.times(first).plus(cell.state(TEST).times(second));
    return new Poisson(1).input(at, seen.plus(cell.parameter("background", backgroundHz)));
  }

  /** 1 from a step on for so many steps, else 0. */
  private static Expr during(Cell cell, Expr step, String what, int from, int steps) {
    Expr since = step.as(cell.precision()).minus(cell.parameter(what + "_from", from));
    Expr left = cell.parameter(what + "_steps", steps).minus(1).minus(since);
    return since.heaviside().times(left.heaviside());
  }
}
