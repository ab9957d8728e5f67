package spindle.sweep;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import spindle.task.Guards;
import spindle.task.Parameter;
import spindle.task.Recording;
import spindle.task.Refined;
import spindle.task.Refinement;
import spindle.task.Settings;
import spindle.task.Task;

/**
 * A checked sweep file: everything in it is known to fit the model it names.
 *
 * @param name names the folder of results below the root
 * @param about one line for people
 * @param model name of the task
 * @param fixed every parameter of the task with its default or fixed value
 * @param axes what is swept, in file order
 * @param metrics metric names to report, in file order; empty: all
 * @param yaml text of the file
 * @param overrides {@code --set} arguments, in order
 * @param selection which points are run
 * @param budget what the sweep may take
 * @param reuse which earlier results count
 * @param given names that stand below {@code fixed}, with the default value or another
 * @param refinement how each trial goes on from its point by gradient search
 */
public record Sweep(
    String name,
    String about,
    String model,
    Settings fixed,
    List<Axis> axes,
    Replicates replicates,
    Recording recording,
    Guards guards,
    Execution execution,
    List<String> metrics,
    String root,
    String yaml,
    List<String> overrides,
    Selection selection,
    Budget budget,
    Reuse reuse,
    Set<String> given,
    Refinement refinement) {

  public Sweep {
    axes = List.copyOf(axes);
    metrics = List.copyOf(metrics);
    overrides = List.copyOf(overrides);
    given = Set.copyOf(given);
  }

  /**
   * How often each configuration runs.
   *
   * @param n trials per configuration
   * @param seed root of the seeds
   * @param commonRandomNumbers whether replicate r has the same seed in every configuration
   */
  public record Replicates(int n, long seed, boolean commonRandomNumbers) {}

  /**
   * How trials are run; no part of any identity.
   *
   * @param backend {@code auto}, {@code cpu}, {@code cuda} or {@code reference}
   * @param partitions number of Spark partitions, 0: chosen
   * @param maxFailedFraction above this share of failed trials the sweep is aborted
   * @param sameError abort when this many finished trials failed alike and none succeeded, 0: never
   * @param order which trials start first
   * @param onAbort what happens to running trials when the sweep is aborted
   */
  public record Execution(
      String backend,
      int partitions,
      double maxFailedFraction,
      int sameError,
      Order order,
      OnAbort onAbort) {

    /** Longest trials first; running trials end when the sweep is aborted. */
    public Execution(String backend, int partitions, double maxFailedFraction, int sameError) {
      this(backend, partitions, maxFailedFraction, sameError, Order.LONGEST_FIRST, OnAbort.DRAIN);
    }

    /** Which trials start first. */
    public enum Order {
      /** By predicted time, descending. */
      LONGEST_FIRST,
      /** As in the plan. */
      PLAN
    }

    /** What happens to running trials when the sweep is aborted. */
    public enum OnAbort {
      /** They run to their end and count. */
      DRAIN,
      /** They are stopped. */
      CANCEL
    }
  }

  /**
   * What a sweep may take; beyond it nothing is run.
   *
   * @param outputBytes predicted size of what is recorded [B]; infinite: any
   * @param trials number of trials
   */
  public record Budget(double outputBytes, long trials) {
    /** No limit. */
    public static final Budget NONE = new Budget(Double.POSITIVE_INFINITY, Long.MAX_VALUE);
  }

  /** Which earlier results count as done. */
  public enum Reuse {
    /** Same configuration, seed, numerics version, recording and guards. */
    EXACT,
    /** Same configuration and seed. */
    PARAMS,
    /** None: every run computes everything. */
    NONE
  }

  /** The task of the sweep, refined if the sweep refines. */
  public Task refined(Task task) {
    return Refined.of(task, refinement);
  }

  /** Why parameters of the model are read by no trial, by name: {@code data.set = digits}. */
  public Map<String, String> unused(Task.Description model) {
    var varying = new HashSet<String>();
    axes.forEach(a -> varying.add(a.name()));
    selection.derive().forEach(d -> varying.add(d.name()));
    var unused = new TreeMap<String, String>();
    for (Parameter p : model.parameters()) {
      String other = p.use().parameter();
      if (!varying.contains(other) && !p.use().holds(fixed)) {
        unused.put(p.name(), other + " = " + fixed.values().get(other));
      }
    }
    return unused;
  }

  /**
   * The whole sweep with every default spelled out, as a sweep file that reads to the same plan.
   */
  public String resolved() {
    return Resolved.yaml(this);
  }

  /**
   * Where parameters were set, by name: {@code override}, {@code sweep} or {@code derived}; those
   * that were left at their default are absent.
   */
  public Map<String, String> sources() {
    var sources = new TreeMap<String, String>();
    given.forEach(name -> sources.put(name, "sweep"));
    axes.forEach(axis -> sources.put(axis.name(), "sweep"));
    selection.derive().stream()
        .map(Selection.Derived::name)
        .filter(fixed.values()::containsKey)
        .forEach(name -> sources.put(name, "derived"));
    sources.replaceAll((name, source) -> overridden(name) ? "override" : source);
    return sources;
  }

  private boolean overridden(String name) {
    return overrides.stream()
        .map(argument -> argument.substring(0, Math.max(0, argument.indexOf('='))).strip())
        .map(key -> key.substring(key.indexOf('.') + 1))
        .anyMatch(key -> key.equals(name) || key.startsWith(name + "."));
  }

  /** Settings of the sweep as shown in plan and report: axis name to its values as text. */
  public Map<String, List<String>> axisValues() {
    var shown = new LinkedHashMap<String, List<String>>();
    axes.forEach(a -> shown.put(a.name(), a.values().stream().map(Object::toString).toList()));
    return shown;
  }
}
