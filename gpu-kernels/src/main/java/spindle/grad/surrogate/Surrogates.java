package spindle.grad.surrogate;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds a surrogate by what a file can say: a name or a formula, and parameters. */
public final class Surrogates {
  private static final String NAME = "[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*";

  /** No formula has an equals sign. */
  private static final Pattern CALL =
      Pattern.compile("(?<name>" + NAME + ")\\s*\\((?<parameters>[^()]*=[^()]*)\\)");

  private static final Pattern SET =
      Pattern.compile("([A-Za-z]\\w*)\\s*=\\s*([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?)");

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
   * The surrogate that a text describes: a name, a name with some of its parameters, such as {@code
   * relu-grad(alpha = 1, width = 0.5)}, or a formula of x.
   *
   * @throws IllegalArgumentException if there is no such surrogate; the message is for the user
   */
  public static Surrogate of(String text) {
    Matcher call = CALL.matcher(text.strip());
    return call.matches()
        ? of(call.group("name"), parameters(call.group("parameters")))
        : of(text.strip(), Map.of());
  }

  private static Map<String, Double> parameters(String list) {
    var parameters = new TreeMap<String, Double>();
    for (String item : list.split(",", -1)) {
      Matcher set = SET.matcher(item.strip());
      if (!set.matches()) {
        throw new IllegalArgumentException(
            "expected NAME = NUMBER, got \"" + item.strip() + "\" in \"" + list + "\"");
      }
      if (parameters.put(set.group(1), Double.valueOf(set.group(2))) != null) {
        throw new IllegalArgumentException(set.group(1) + " is set twice in \"" + list + "\"");
      }
    }
    return parameters;
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
    if (nameOrFormula.matches(NAME)) {
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
