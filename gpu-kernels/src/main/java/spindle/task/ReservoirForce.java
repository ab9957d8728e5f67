package spindle.task;

import java.util.Arrays;
import spindle.backend.Backend;
import spindle.sim.Backends;
import spindle.train.data.Images;
import spindle.train.readout.Confusion;
import spindle.train.readout.Readout;
import spindle.train.readout.Rls;
import spindle.train.reservoir.States;

/**
 * FORCE learning (Sussillo and Abbott 2009, equations 1 to 5): at each row of each image recursive
 * least squares moves the readout's output z = W'h towards the image's class, 1 for it and 0 for
 * others, and z from before the move is an input of the next step.
 *
 * <p>Feedback comes over lines of its own beside the pixels, with weights of the same law. z is 0
 * when an image begins; its class is the largest output after its last row.
 *
 * @param how how it learns
 */
record ReservoirForce(ReservoirWork work, How how) {

  /**
   * How it learns.
   *
   * @param epochs passes through the training images, one after the other in their order
   * @param skip rows at the start of each image that are shown, but not learnt from
   * @param feedback factor of z on its way back
   * @param alpha P at the start, per unit
   */
  record How(long epochs, long skip, double feedback, double alpha) {}

  /** What was learnt, what it answers, and the reservoir that is tested. */
  record Result(Readout readout, Confusion train, Confusion test, ReservoirFacts facts) {}

  Result run() {
    Images train = work.images().train();
    Backend backend = Backends.named(work.backend());
    Rls rls = learnt(backend);
    long start = System.nanoTime();
    try (States states = states(work.batch(), backend)) {
      Confusion answers = answers(states, rls, train);
      Confusion test = answers(states, rls, work.images().test());
      double seconds = (System.nanoTime() - start) * 1e-9;
      ReservoirFacts facts = ReservoirFacts.of(work, states, backend);
      return new Result(
          rls.readout(), answers, test, facts.took(train, seconds, states.compileSeconds()));
    }
  }

  private States states(int batch, Backend backend) {
    return new States(work.reservoir(), inputs(), batch, work.seed(), backend);
  }

  /** Pixels, and an output for each class on its way back. */
  int inputs() {
    return work.images().train().columns() + classes();
  }

  private int classes() {
    return work.images().train().classes();
  }

  /** One image at a time, so that each step learns from all steps before it. */
  private Rls learnt(Backend backend) {
    Images images = work.images().train();
    var rls = new Rls(work.units(), classes(), how.alpha());
    var h = new double[work.units()];
    var z = new double[classes()];
    var target = new double[classes()];
    try (States states = states(1, backend)) {
      for (long k = 0; k < how.epochs() * images.count(); k++) {
        int image = (int) (k % images.count());
        Arrays.fill(z, 0);
        Arrays.fill(target, 0);
        target[images.label(image)] = 1;
        states.reset();
        for (int row = 0; row < images.rows(); row++) {
          feed(states, 0, z);
          states.step(images, image, 1, row);
          states.states(1).read(0, h, 0);
          rls.score(h, z);
          if (row >= how.skip()) {
            rls.learn(h, target);
          }
        }
      }
    }
    return rls;
  }

  private void feed(States states, int member, double[] z) {
    int lines = work.images().train().columns();
    for (int t = 0; t < z.length; t++) {
      states.feed(lines + t, member, (float) (how.feedback() * z[t]));
    }
  }

  private Confusion answers(States states, Rls rls, Images images) {
    var answers = new byte[images.count()];
    for (int from = 0; from < images.count(); from += states.batch()) {
      int count = Math.min(states.batch(), images.count() - from);
      double[][] z = outputs(states, rls, images.subset(from, count));
      for (int b = 0; b < count; b++) {
        answers[from + b] = (byte) Readout.highest(z[b], from + b);
      }
    }
    return Confusion.of(classes(), images.labels(), answers);
  }

  /** The output for each image of a batch after its last row. */
  private double[][] outputs(States states, Rls rls, Images batch) {
    var h = new double[work.units()];
    var z = new double[batch.count()][classes()];
    states.reset();
    for (int row = 0; row < batch.rows(); row++) {
      for (int b = 0; b < batch.count(); b++) {
        feed(states, b, z[b]);
      }
      states.step(batch, 0, batch.count(), row);
      var after = states.states(batch.count());
      for (int b = 0; b < batch.count(); b++) {
        after.read(b, h, 0);
        rls.score(h, z[b]);
      }
    }
    return z;
  }
}
