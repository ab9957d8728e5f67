package spindle.task;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import spindle.train.readout.Features;
import spindle.train.readout.Gram;

/**
 * What a reservoir made of all images: their states, and the normal equations of the training
 * images where there are at least as many as units.
 *
 * <p>States come block by block and normal equations part by part, each made by whoever needs it
 * first and kept in the workspace. A part sums its tiles of the matrix over all blocks in their
 * order, so the bits depend on neither parts nor places.
 */
final class ReservoirStates {
  private static final ConcurrentHashMap<String, SoftReference<ReservoirStates>> KNOWN =
      new ConcurrentHashMap<>();

  private static final ConcurrentHashMap<String, Object> LOCKS = new ConcurrentHashMap<>();

  private final ReservoirWork work;
  private final ReservoirBlocks blocks;
  private final ReservoirFacts facts;
  private Optional<Gram> gram = Optional.empty();

  private ReservoirStates(ReservoirWork work, ReservoirBlocks blocks, ReservoirFacts facts) {
    this.work = work;
    this.blocks = blocks;
    this.facts = facts;
  }

  /** Found in this JVM, in the workspace, or made. */
  static ReservoirStates of(ReservoirWork work, Workspace workspace) {
    synchronized (LOCKS.computeIfAbsent(work.key(), k -> new Object())) {
      SoftReference<ReservoirStates> known = KNOWN.get(work.key());
      ReservoirStates found = known == null ? null : known.get();
      if (found == null) {
        found = made(work, workspace);
      }
      KNOWN.values().removeIf(r -> r.refersTo(null));
      KNOWN.put(work.key(), new SoftReference<>(found));
      return found;
    }
  }

  /** What the workspace has, and what it lacks made, without asking this JVM. */
  static ReservoirStates made(ReservoirWork work, Workspace workspace) {
    var blocks = new ReservoirBlocks(work, workspace);
    try (blocks) {
      ReservoirFacts facts = blocks.block(0).facts();
      for (int k = 1; k < work.blocks(); k++) {
        facts = facts.plus(blocks.block(k).facts());
      }
      return new ReservoirStates(work, blocks, facts);
    }
  }

  /**
   * Leaves a piece in the workspace, for {@link #of} to find: a block, or behind those a part,
   * unless a block for it is missing.
   */
  static void prepare(ReservoirWork work, int piece, Workspace workspace) {
    try (var blocks = new ReservoirBlocks(work, workspace)) {
      int part = piece - work.blocks();
      if (part < 0) {
        if (!ReservoirFile.has(work.key(piece), workspace)) {
          blocks.block(piece);
        }
      } else if (part < work.parts() && !ReservoirFile.has(work.partKey(part), workspace)) {
        for (int k = 0; k < work.trainBlocks(); k++) {
          if (!ReservoirFile.has(work.key(k), workspace)) {
            return; // the trial will make the block, once, and the part
          }
        }
        part(work, part, blocks);
      }
    }
  }

  private static Gram part(ReservoirWork work, int p, ReservoirBlocks blocks) {
    Optional<Gram> saved = ReservoirFile.part(work.partKey(p), blocks.workspace());
    if (saved.isPresent()) {
      return saved.get();
    }
    var gram = new Gram(work.shape(), 0, new Gram.Part(p, work.parts()));
    Features train = blocks.train();
    byte[] labels = work.images().train().labels();
    Features targets = Features.oneHot(labels, work.images().train().classes());
    for (int from = 0; from < train.samples(); from += ReservoirWork.BLOCK) {
      int count = Math.min(ReservoirWork.BLOCK, train.samples() - from);
      gram.add(train.slice(from, count), targets.slice(from, count));
    }
    ReservoirFile.save(work.partKey(p), blocks.workspace(), gram);
    return gram;
  }

  ReservoirFacts facts() {
    return facts;
  }

  /** Whether normal equations are solved; else there are fewer samples than units. */
  boolean isPrimal() {
    return work.isPrimal();
  }

  /** The normal equations, in the workspace or summed when they are asked for first. */
  synchronized Gram gram() {
    if (gram.isEmpty()) {
      var parts = new ArrayList<Gram>();
      for (int p = 0; p < work.parts(); p++) {
        parts.add(part(work, p, blocks));
      }
      gram = Optional.of(Gram.join(parts));
    }
    return gram.get();
  }

  /** States after the training images, for one thread. */
  Features train() {
    return blocks.train();
  }

  /** States after the test images, for one thread. */
  Features test() {
    return blocks.test();
  }
}
