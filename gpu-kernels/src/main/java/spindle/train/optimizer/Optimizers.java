package spindle.train.optimizer;

import java.util.List;

/** Finds an optimizer, with its defaults, by what a file can say. */
public final class Optimizers {
  private Optimizers() {}

  /** The names {@link #named} takes, the usual first choice first. */
  public static List<String> names() {
    return List.of("adam", "adam-w", "rms-prop", "sgd", "momentum", "nesterov");
  }

  /**
   * The optimizer of this name.
   *
   * @throws IllegalArgumentException naming the known ones
   */
  public static Optimizer named(String name) {
    return switch (name) {
      case "adam" -> new Adam();
      case "adam-w" -> new AdamW();
      case "rms-prop" -> new RmsProp();
      case "sgd" -> new Sgd();
      case "momentum" -> new Momentum();
      case "nesterov" -> new Nesterov();
      default ->
          throw new IllegalArgumentException(
              "no optimizer \"" + name + "\"; known: " + String.join(", ", names()));
    };
  }
}
