package spindle.grad.surrogate;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds a surrogate by what a file can say: a name or a formula, and parameters. */
public final class Surrogates {
  private Surrogates() {}

  /** As in files: {@code piecewise-exp}. */
  public static String name(Surrogate surrogate) {
    String name = surrogate.getClass().getSimpleName();
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  /** The names {@link #of} takes, in the order of {@link Surrogate#all}. */
  public static List<String> names() {
    return Surrogate.all().stream().map(Surrogates::name).toList();
  }

  /**
   * The surrogate of this name with some of its parameters set, or that whose derivative is a
   * formula with all of them set. Letters and digits, joined by hyphens, are a name.
   *
   * @throws IllegalArgumentException if there is no such surrogate; the message is for the user
   */
  public static Surrogate of(String nameOrFormula, Map<String, Double> parameters) {
    Optional<Surrogate> known =
        Surrogate.all().stream().filter(s -> name(s).equals(nameOrFormula)).findFirst();
    if (known.isPresent()) {
      return with(known.get(), parameters);
    }
    if (nameOrFormula.matches("[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*")) {
      throw new IllegalArgumentException(
          "no surrogate \"" + nameOrFormula + "\"; known: " + String.join(", ", names()));
    }
    return new Custom(nameOrFormula, parameters);
  }

  private static Surrogate with(Surrogate defaults, Map<String, Double> parameters) {
    var left = new TreeMap<>(parameters);
    RecordComponent[] components = defaults.getClass().getRecordComponents();
    var types = new Class<?>[components.length];
    var values = new Object[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        Object fallback = components[i].getAccessor().invoke(defaults);
        Double set = left.remove(components[i].getName());
        values[i] = set == null ? fallback : types[i] == int.class ? whole(set) : set;
      }
      if (!left.isEmpty()) {
        List<String> known = Arrays.stream(components).map(RecordComponent::getName).toList();
        throw new IllegalArgumentException(
            name(defaults) + " has no parameter \"" + left.firstKey() + "\"; known: " + known);
      }
      return defaults.getClass().getConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          name(defaults) + ": " + e.getCause().getMessage(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + name(defaults), e);
    }
  }

  private static Object whole(double value) {
    if (value != (int) value) {
      throw new IllegalArgumentException("a whole number is needed, got " + value);
    }
    return (int) value;
  }
}
