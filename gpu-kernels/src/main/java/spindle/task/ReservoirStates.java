package spindle.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import spindle.train.readout.Features;
import spindle.train.readout.Gram;

/**
 * What a reservoir made of images, of all or of one block: the normal equations of the training
 * images, and the states themselves where they fit.
 */
final class ReservoirStates {
  private static final ConcurrentHashMap<String, SoftReference<ReservoirStates>> KNOWN =
      new ConcurrentHashMap<>();

  private static final ConcurrentHashMap<String, Object> LOCKS = new ConcurrentHashMap<>();

  private final Facts facts;
  private final Gram gram;
  private final float[] train;
  private final float[] test;

  /**
   * What is reported of the simulation.
   *
   * @param steps steps that all images took
   * @param bytes states and matrices as they were kept
   * @param bytesIfStored the same with matrices as compressed sparse rows
   */
  record Facts(
      int units,
      long synapses,
      long steps,
      long bytes,
      long bytesIfStored,
      double seconds,
      double compileSeconds,
      String backend,
      String device,
      String shape) {

    /** Of two blocks of images in one reservoir. */
    Facts plus(Facts f) {
      return new Facts(
          units,
          synapses,
          steps + f.steps,
          Math.max(bytes, f.bytes),
          Math.max(bytesIfStored, f.bytesIfStored),
          seconds + f.seconds,
          compileSeconds + f.compileSeconds,
          backend,
          device,
          shape);
    }
  }

  ReservoirStates(Facts facts, Gram gram, float[] train, float[] test) {
    this.facts = facts;
    this.gram = gram;
    this.train = train;
    this.test = test;
  }

  /** Found in this JVM, in the workspace whole or in blocks, or by simulation. */
  static ReservoirStates of(ReservoirWork work, Workspace workspace) {
    synchronized (LOCKS.computeIfAbsent(work.key(), k -> new Object())) {
      SoftReference<ReservoirStates> known = KNOWN.get(work.key());
      ReservoirStates found = known == null ? null : known.get();
      if (found == null) {
        Optional<ReservoirStates> saved = ReservoirFile.read(work.key(), workspace);
        found = saved.isPresent() ? saved.get() : joined(work, workspace);
      }
      KNOWN.values().removeIf(r -> r.refersTo(null));
      KNOWN.put(work.key(), new SoftReference<>(found));
      return found;
    }
  }

  /** Leaves a block in the workspace, for {@link #of} to find. */
  static void prepare(ReservoirWork work, int block, Workspace workspace) {
    if (ReservoirFile.has(work.key(), workspace) || ReservoirFile.has(work.key(block), workspace)) {
      return;
    }
    try (var blocks = new ReservoirBlocks(work)) {
      ReservoirFile.save(work.key(block), workspace, blocks.simulate(block));
    }
  }

  /** Adds up the blocks, those in the workspace and those still to be simulated. */
  static ReservoirStates joined(ReservoirWork work, Workspace workspace) {
    try (var blocks = new ReservoirBlocks(work)) {
      ReservoirStates all =
          joined(
              work,
              k -> ReservoirFile.read(work.key(k), workspace).orElseGet(() -> blocks.simulate(k)));
      ReservoirFile.save(work.key(), workspace, all);
      for (int k = 0; k < work.blocks(); k++) {
        workspace.drop(work.key(k));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot save states: " + e.getMessage(), e);
    }
  }

  /** Adds blocks up in their order, whoever made them. */
  private static ReservoirStates joined(ReservoirWork work, IntFunction<ReservoirStates> blocks) {
    int units = work.units();
    var train = new float[work.keeps() ? units * work.images().train().count() : 0];
    var test = new float[Math.multiplyExact(units, work.images().test().count())];
    int trained = 0;
    int tested = 0;
    Gram gram = null;
    Facts facts = null;
    for (int k = 0; k < work.blocks(); k++) {
      ReservoirStates block = blocks.apply(k);
      System.arraycopy(block.train, 0, train, trained, block.train.length);
      System.arraycopy(block.test, 0, test, tested, block.test.length);
      trained += block.train.length;
      tested += block.test.length;
      gram = sum(gram, block.gram);
      facts = facts == null ? block.facts : facts.plus(block.facts);
    }
    return new ReservoirStates(facts, gram, train, test);
  }

  private static Gram sum(Gram gram, Gram next) {
    if (gram == null || next == null) {
      return gram == null ? next : gram;
    }
    gram.add(next);
    return gram;
  }

  Facts facts() {
    return facts;
  }

  /** Whether the normal equations are there; else there are fewer samples than units. */
  boolean isPrimal() {
    return gram != null;
  }

  Gram gram() {
    return gram;
  }

  boolean hasTrain() {
    return train.length > 0;
  }

  float[] trainValues() {
    return train;
  }

  float[] testValues() {
    return test;
  }

  /**
   * @throws IllegalStateException if they take more than 1 GiB
   */
  Features train() {
    if (!hasTrain()) {
      throw new IllegalStateException(
          "the states of all training images take more than 1 GiB; use readout.kind: ridge or"
              + " fewer images");
    }
    return Features.bySample(train, train.length / facts.units(), facts.units());
  }

  Features test() {
    return Features.bySample(test, test.length / facts.units(), facts.units());
  }
}
