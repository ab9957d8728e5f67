package spindle.task;

import static spindle.task.Unit.MILLISECOND;

import java.util.ArrayList;
import java.util.List;
import spindle.model.Steps;

/** Checks the rules between the parameters of one trial and keeps what breaks them. */
final class Rules {
  private final Settings settings;
  private final String dt;
  private final List<Conflict> broken = new ArrayList<>();

  /**
   * @param dt parameter with the time step
   */
  Rules(Settings settings, String dt) {
    this.settings = settings;
    this.dt = dt;
  }

  /** What was found. */
  List<Conflict> broken() {
    return List.copyOf(broken);
  }

  /** A rule of any kind between some parameters. */
  Rules hold(boolean holds, String message, String... keys) {
    if (!holds) {
      broken.add(new Conflict(List.of(keys), message));
    }
    return this;
  }

  /** One quantity must be below another of the same dimension. */
  Rules below(String low, String high, String remedy) {
    Unit unit = Unit.of(dimension(low)).get(0);
    return hold(
        settings.number(low, unit) < settings.number(high, unit),
        shown(low) + " must be below " + shown(high) + "; " + remedy,
        low,
        high);
  }

  /** One quantity must not exceed another of the same dimension. */
  Rules atMost(String low, String high, String remedy) {
    Unit unit = Unit.of(dimension(low)).get(0);
    return hold(
        settings.number(low, unit) <= settings.number(high, unit),
        shown(low) + " must be at most " + shown(high) + "; " + remedy,
        low,
        high);
  }

  /** A parameter must be a whole number of time steps. */
  Rules multiple(String span) {
    return multiple(span, shown(span), settings.number(span, MILLISECOND));
  }

  /** A span that is no parameter must be a whole number of time steps. */
  Rules multiple(String key, double ms) {
    return multiple(key, key + " = " + Quantity.of(ms, MILLISECOND), ms);
  }

  private Rules multiple(String key, String shown, double ms) {
    double dtMs = settings.number(dt, MILLISECOND);
    double steps = ms / dtMs;
    if (steps > Integer.MAX_VALUE) {
      return hold(false, shown + " takes more than 2^31 steps of " + shown(dt), key, dt);
    }
    double nearest = Math.max(1, Math.rint(steps)) * dtMs;
    return hold(
        Steps.whole(ms, dtMs),
        shown
            + " must be a multiple of "
            + shown(dt)
            + "; nearest is "
            + Quantity.of(Double.parseDouble(Float.toString((float) nearest)), MILLISECOND),
        key,
        dt);
  }

  /** Name and value as the user writes them: {@code sim.dt = 0.1 ms}. */
  String shown(String name) {
    return name + " = " + settings.values().get(name);
  }

  private Dimension dimension(String name) {
    return settings.values().get(name) instanceof Value.Real real
        ? real.quantity().unit().dimension()
        : Dimension.NONE;
  }
}
