package spindle.train.loop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import spindle.backend.Backend;
import spindle.train.optimizer.Descent;

/**
 * Descends along the gradients of minibatches, epoch by epoch.
 *
 * <p>What is learned is a function of trainee and schedule alone: a training that was killed goes
 * on from its last checkpoint with the same bits as one that was not.
 */
public final class Trainer implements AutoCloseable {
  private final Trainee trainee;
  private final Schedule schedule;
  private final Kept kept;
  private final Descent descent;

  private int epoch;
  private int batch;
  private long update;
  private Tally tally = new Tally();
  private List<Point> curve = new ArrayList<>();
  private Checkpoint.Best best = Checkpoint.Best.NONE;

  /** How training can end. */
  public enum Ending {
    /** All epochs are done. */
    FINISHED,
    /** Loss or gradient became NaN or infinite. */
    DIVERGED,
    /** A guard of the schedule ended it. */
    STOPPED
  }

  /**
   * What training came to.
   *
   * @param reason one line for people, empty when {@code FINISHED}
   * @param last state after the last update that was good
   */
  public record Result(Ending ending, String reason, Checkpoint last) {}

  /**
   * Where checkpoints are kept.
   *
   * @param key names the trainee, its samples and the schedule: a checkpoint of another key is not
   *     gone on from
   */
  public record Kept(Archive archive, String key) {
    /** Nowhere. */
    public static final Kept NOT = new Kept(Archive.NONE, "");
  }

  /** Prepares training. */
  public Trainer(Trainee trainee, Schedule schedule, Kept kept, Backend backend) {
    this.trainee = trainee;
    this.schedule = schedule;
    this.kept = kept;
    var variables = trainee.parameters().stream().map(Parameter::variable).toList();
    var form = new Descent.Form(schedule.optimizer(), variables, schedule.clip());
    this.descent = new Descent(form, backend);
    trainee.parameters().forEach(p -> descent.set(p.variable().name(), p.initial()));
  }

  /** Trains from the last checkpoint, or from the start; however it ends, the last is kept. */
  public Result run() {
    kept.archive().latest().filter(c -> c.key().equals(kept.key())).ifPresent(this::restore);
    show(parameters());
    while (epoch < schedule.epochs()) {
      int[] order = Order.shuffled(trainee.count(Part.TRAIN), schedule.seed(), epoch);
      while (batch * trainee.members() < order.length) {
        Optional<Result> end = learn(order);
        if (end.isPresent()) {
          kept.archive().save(end.get().last());
          return end.get();
        }
        if (schedule.every() > 0 && update % schedule.every() == 0) {
          kept.archive().save(checkpoint());
        }
      }
      finishEpoch();
      kept.archive().save(checkpoint());
    }
    return new Result(Ending.FINISHED, "", checkpoint());
  }

  /** One update; how training ends if it must end here, before parameters move. */
  private Optional<Result> learn(int[] order) {
    Minibatch shown = minibatch(Part.TRAIN, order, batch);
    Map<String, Double> means = trainee.run(shown, true);
    double norm = gradients();
    Optional<Result> end = trouble(means.get(Trainee.LOSS), norm);
    if (end.isEmpty()) {
      descent.update(schedule.rate().at(update));
      bound();
      show(parameters());
      tally.add(means, shown.size());
      batch++;
      update++;
    }
    return end;
  }

  private Minibatch minibatch(Part part, int[] order, int number) {
    int from = number * trainee.members();
    int to = Math.min(order.length, from + trainee.members());
    long shownBefore = part == Part.TRAIN ? (long) epoch * order.length : 0;
    return new Minibatch(part, Arrays.copyOfRange(order, from, to), shownBefore + from);
  }

  /** Hands the gradients to the optimizer; the norm of all, summed in their order. */
  private double gradients() {
    double squares = 0;
    for (Parameter p : trainee.parameters()) {
      double[] gradient = trainee.gradient(p.variable().name());
      descent.gradient(p.variable().name(), gradient);
      for (double g : gradient) {
        squares += g * g;
      }
    }
    return Math.sqrt(squares);
  }

  private Optional<Result> trouble(double loss, double norm) {
    if (!Double.isFinite(loss)) {
      return end(Ending.DIVERGED, "loss is " + loss);
    }
    if (!Double.isFinite(norm)) {
      return end(Ending.DIVERGED, "the norm of the gradient is " + norm + " at loss " + loss);
    }
    if (loss > schedule.guards().maxLoss()) {
      return end(
          Ending.STOPPED, "loss is " + loss + ", above its limit " + schedule.guards().maxLoss());
    }
    if (norm > schedule.guards().maxNorm()) {
      double limit = schedule.guards().maxNorm();
      return end(
          Ending.STOPPED, "the norm of the gradient is " + norm + ", above its limit " + limit);
    }
    return Optional.empty();
  }

  private Optional<Result> end(Ending ending, String what) {
    String where = " in minibatch " + (batch + 1) + " of epoch " + (epoch + 1);
    return Optional.of(new Result(ending, what + where, checkpoint()));
  }

  private void bound() {
    for (Parameter p : trainee.parameters()) {
      if (p.isBounded()) {
        double[] values = descent.get(p.variable().name());
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.min(p.high(), Math.max(p.low(), values[i]));
        }
        descent.set(p.variable().name(), values);
      }
    }
  }

  private Map<String, double[]> parameters() {
    var values = new TreeMap<String, double[]>();
    trainee
        .parameters()
        .forEach(p -> values.put(p.variable().name(), descent.get(p.variable().name())));
    return values;
  }

  /** Gives the trainee parameters, such as those of a checkpoint. */
  public void show(Map<String, double[]> parameters) {
    parameters.forEach(trainee::set);
  }

  private void finishEpoch() {
    epoch++;
    batch = 0;
    Map<String, Double> train = tally.means();
    tally = new Tally();
    plot(Part.TRAIN, train);
    Map<String, Double> valid = evaluate(Part.VALID);
    plot(Part.VALID, valid);
    double loss = (valid.isEmpty() ? train : valid).getOrDefault(Trainee.LOSS, Double.NaN);
    if (loss < best.loss()) {
      best = new Checkpoint.Best(epoch, loss, parameters());
    }
  }

  private void plot(Part part, Map<String, Double> means) {
    means.forEach((metric, mean) -> curve.add(new Point(metric, part, epoch, update, mean)));
  }

  /**
   * The mean of each metric over a part, for the parameters that the trainee has; empty of none.
   */
  public Map<String, Double> evaluate(Part part) {
    int[] order = Order.plain(trainee.count(part));
    var sum = new Tally();
    for (int b = 0; b * trainee.members() < order.length; b++) {
      Minibatch shown = minibatch(part, order, b);
      sum.add(trainee.run(shown, false), shown.size());
    }
    return sum.means();
  }

  private Checkpoint checkpoint() {
    return new Checkpoint(
        kept.key(),
        epoch,
        batch,
        update,
        descent.state(),
        tally.sums(),
        tally.samples(),
        curve,
        best);
  }

  private void restore(Checkpoint c) {
    epoch = c.epoch();
    batch = c.batch();
    update = c.update();
    descent.restore(c.descent());
    tally = new Tally(c.sums(), c.samples());
    curve = new ArrayList<>(c.curve());
    best = c.best();
  }

  @Override
  public void close() {
    descent.close();
  }
}
