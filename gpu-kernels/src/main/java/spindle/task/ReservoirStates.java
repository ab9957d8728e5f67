package spindle.task;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import spindle.sim.Backends;
import spindle.train.data.Images;
import spindle.train.data.Split;
import spindle.train.readout.Features;
import spindle.train.readout.Gram;
import spindle.train.readout.GramFile;
import spindle.train.reservoir.LeakyReservoir;
import spindle.train.reservoir.States;

/**
 * What a reservoir made of all images: the normal equations of the training images, and the states
 * themselves where they fit.
 */
final class ReservoirStates {
  /** Images that share a walk along the matrix. */
  static final int BATCH = 64;

  /** Samples per block of the normal equations; part of their definition. */
  private static final int BLOCK = 256;

  /** States of training images that are kept [B]. */
  static final long MOST_STATES = 1L << 30;

  private static final int MAGIC = 0x53505253;

  private static final ConcurrentHashMap<String, SoftReference<ReservoirStates>> KNOWN =
      new ConcurrentHashMap<>();

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
      String device) {}

  private ReservoirStates(Facts facts, Gram gram, float[] train, float[] test) {
    this.facts = facts;
    this.gram = gram;
    this.train = train;
    this.test = test;
  }

  /** Found in this JVM, in the workspace, or by simulation. */
  static ReservoirStates of(
      String key,
      Workspace workspace,
      LeakyReservoir reservoir,
      Split images,
      long seed,
      String backend) {
    synchronized (lock(key)) {
      SoftReference<ReservoirStates> known = KNOWN.get(key);
      ReservoirStates found = known == null ? null : known.get();
      if (found == null) {
        found = read(key, workspace);
      }
      if (found == null) {
        found = simulated(reservoir, images, seed, backend);
        save(key, workspace, found);
      }
      KNOWN.values().removeIf(r -> r.refersTo(null));
      KNOWN.put(key, new SoftReference<>(found));
      return found;
    }
  }

  private static final ConcurrentHashMap<String, Object> LOCKS = new ConcurrentHashMap<>();

  private static Object lock(String key) {
    return LOCKS.computeIfAbsent(key, k -> new Object());
  }

  private static ReservoirStates simulated(
      LeakyReservoir reservoir, Split images, long seed, String backendName) {
    var backend = Backends.named(backendName);
    long start = System.nanoTime();
    int inputs = images.train().columns();
    try (var states = new States(reservoir, inputs, BATCH, seed, backend)) {
      int units = states.units();
      boolean keeps = (long) units * images.train().count() * Float.BYTES <= MOST_STATES;
      float[] kept = new float[keeps ? units * images.train().count() : 0];
      Gram gram = primal(images.train().count(), units, keeps) ? gram(images, units) : null;
      drive(states, images.train(), kept, gram);
      var test = new float[Math.multiplyExact(units, images.test().count())];
      drive(states, images.test(), test, null);
      double seconds = (System.nanoTime() - start) * 1e-9;
      long synapses = states.synapses();
      long steps = (images.train().count() + (long) images.test().count()) * images.train().rows();
      long vectors = 4L * BATCH * (2L * units + inputs);
      long rows = 4L * (reservoir.layers() * (2L * reservoir.units() + 2) + inputs);
      int column = reservoir.units() > Character.MAX_VALUE + 1 ? 4 : 2;
      var facts =
          new Facts(
              units,
              synapses,
              steps,
              states.bytes(),
              vectors + rows + synapses * (column + Float.BYTES),
              seconds,
              states.compileSeconds(),
              backend.name(),
              backend.device());
      return new ReservoirStates(facts, gram, kept, test);
    }
  }

  private static boolean primal(int samples, int units, boolean keeps) {
    return samples >= units || !keeps;
  }

  private static Gram gram(Split images, int units) {
    return new Gram(new Gram.Shape(units, images.train().classes(), BLOCK));
  }

  /** Runs all images and keeps their states where there is room. */
  private static void drive(States states, Images images, float[] kept, Gram gram) {
    int units = states.units();
    var block = new float[BLOCK * units];
    Features targets = Features.oneHot(images.labels(), images.classes());
    for (int from = 0; from < images.count(); from += BLOCK) {
      int count = Math.min(BLOCK, images.count() - from);
      for (int at = 0; at < count; at += BATCH) {
        int batch = Math.min(BATCH, count - at);
        lay(states.after(images, from + at, batch), block, at);
      }
      if (kept.length > 0) {
        System.arraycopy(block, 0, kept, from * units, count * units);
      }
      if (gram != null) {
        float[] own = count == BLOCK ? block : java.util.Arrays.copyOf(block, count * units);
        gram.add(Features.bySample(own, count, units), targets.slice(from, count));
      }
    }
  }

  private static void lay(Features states, float[] block, int at) {
    int units = states.units();
    var row = new double[units];
    for (int s = 0; s < states.samples(); s++) {
      states.read(s, row, 0);
      for (int u = 0; u < units; u++) {
        block[(at + s) * units + u] = (float) row[u];
      }
    }
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

  private static ReservoirStates read(String key, Workspace workspace) {
    try {
      Optional<InputStream> saved = workspace.open(key);
      if (saved.isEmpty()) {
        return null;
      }
      try (var in = new DataInputStream(new BufferedInputStream(saved.get(), 1 << 16))) {
        return read(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read saved states: " + e.getMessage(), e);
    }
  }

  private static ReservoirStates read(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new IOException("these are no states of a reservoir");
    }
    var facts =
        new Facts(
            in.readInt(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readDouble(),
            in.readDouble(),
            in.readUTF(),
            in.readUTF());
    float[] train = floats(in);
    float[] test = floats(in);
    Gram gram = in.readBoolean() ? GramFile.read(in, "saved states") : null;
    return new ReservoirStates(facts, gram, train, test);
  }

  private static float[] floats(DataInputStream in) throws IOException {
    var values = new float[in.readInt()];
    for (int k = 0; k < values.length; k++) {
      values[k] = in.readFloat();
    }
    return values;
  }

  private static void save(String key, Workspace workspace, ReservoirStates s) {
    try {
      workspace.save(key, out -> write(s, out));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot save states: " + e.getMessage(), e);
    }
  }

  private static void write(ReservoirStates s, OutputStream to) throws IOException {
    var out = new DataOutputStream(new BufferedOutputStream(to, 1 << 16));
    out.writeInt(MAGIC);
    Facts f = s.facts;
    out.writeInt(f.units());
    out.writeLong(f.synapses());
    out.writeLong(f.steps());
    out.writeLong(f.bytes());
    out.writeLong(f.bytesIfStored());
    out.writeDouble(f.seconds());
    out.writeDouble(f.compileSeconds());
    out.writeUTF(f.backend());
    out.writeUTF(f.device());
    floats(out, s.train);
    floats(out, s.test);
    out.writeBoolean(s.gram != null);
    if (s.gram != null) {
      GramFile.write(s.gram, out);
    }
    out.flush();
  }

  private static void floats(DataOutputStream out, float[] values) throws IOException {
    out.writeInt(values.length);
    for (float v : values) {
      out.writeFloat(v);
    }
  }
}
