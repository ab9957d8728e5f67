package spindle.compile;

import java.util.Optional;

/** The JVM target: compiles loops and rows, and knows whether vectors are at hand. */
public final class Jvm {
  /** System property that overrides the choice of {@link #preferred()}: plain or vector. */
  public static final String MODE_PROPERTY = "spindle.cpu.mode";

  /** The JDK from which vectors are preferred; the compilers before lose them in whole kernels. */
  public static final int VECTORS_FROM = 21;

  /** The JDK whose Vector API shuffles two vectors in one operation. */
  private static final int TWO_SOURCES_FROM = 24;

  private Jvm() {}

  /**
   * How loops are best written on this JVM: vectors where the module is present, before JDK 21 for
   * rows and bodies that are long or take bits of floats only; plain loops elsewhere.
   */
  public static Mode preferred() {
    String wish = System.getProperty(MODE_PROPERTY, "");
    if (!hasVectors() || wish.equals("plain")) {
      return Mode.PLAIN;
    }
    return isGoodAtVectors() || wish.equals("vector") ? Mode.VECTOR : Mode.LONG;
  }

  /** Whether the compiler keeps vectors in registers throughout a kernel. */
  static boolean isGoodAtVectors() {
    return Runtime.version().feature() >= VECTORS_FROM;
  }

  /** Whether the Vector API module is in the boot layer. */
  public static boolean hasVectors() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** Compiles a loop. */
  public static Kernel kernel(Loop loop, Layout layout, Mode mode) {
    return HiddenClasses.instance(
        LoopWriter.source(loop, layout, mode),
        Kernel.class,
        () ->
            mode == Mode.VECTOR
                ? VectorLoopWriter.write(loop, layout)
                : LoopWriter.write(loop, layout));
  }

  /** Compiles the walk along rows. */
  static RowKernel rows(RowParts parts) {
    return HiddenClasses.instance(parts.toString(), RowKernel.class, () -> RowWriter.write(parts));
  }

  /** A kernel that sums along a row over vectors of a batch; needs vectors. */
  public static BatchKernel batch(BatchKernel.Shape shape) {
    return HiddenClasses.instance(
        shape.toString(), BatchKernel.class, () -> BatchWriter.write(shape));
  }

  /** A kernel of dense products; needs vectors. */
  public static TileKernel tile(TileKernel.Shape shape) {
    return HiddenClasses.instance(shape.toString(), TileKernel.class, () -> TileWriter.tile(shape));
  }

  /** A kernel of dense products with weights in strips; needs vectors. */
  public static StripKernel strip(StripKernel.Shape shape) {
    return HiddenClasses.instance(
        "strip " + shape, StripKernel.class, () -> StripWriter.write(shape, lanes()));
  }

  /** A kernel that sums rows of a dense matrix; needs vectors. */
  public static RowsKernel rows(RowsKernel.Shape shape) {
    return HiddenClasses.instance(
        "rows " + shape, RowsKernel.class, () -> TileWriter.rows(shape, lanes()));
  }

  /** A kernel that adds some rows of a dense matrix to a vector; needs vectors. */
  public static AxpyKernel axpy(int rows) {
    return HiddenClasses.instance(
        "axpy " + rows, AxpyKernel.class, () -> TileWriter.axpy(rows, lanes()));
  }

  /**
   * A kernel that multiplies rows of a dense matrix by a vector, where vectors of 512 bits are: the
   * processor and the JDK then shuffle two vectors in one instruction.
   */
  public static Optional<DotKernel> dots() {
    boolean shuffles = Runtime.version().feature() >= TWO_SOURCES_FROM;
    return shuffles && vectorBits().orElse(0) == 512
        ? Optional.of(HiddenClasses.instance("dots", DotKernel.class, DotWriter::write))
        : Optional.empty();
  }

  /** A kernel that packs rows of a dense matrix; needs vectors. */
  public static PackKernel pack() {
    return HiddenClasses.instance("pack", PackKernel.class, () -> TileWriter.pack(lanes()));
  }

  /** Floats in a vector; needs vectors. */
  public static int lanes() {
    return vectorBits().orElseThrow() / Float.SIZE;
  }

  /**
   * Rows of a tile of one vector: with as many sums as the widest tile has, the vectors of b are
   * read least often. Compilers before {@link #VECTORS_FROM} run out of other registers first.
   */
  public static int tallestTile() {
    return isGoodAtVectors() ? TileKernel.ROWS * TileKernel.VECTORS : 12;
  }

  /** Width of the vectors in bits, if there are any. */
  public static Optional<Integer> vectorBits() {
    if (!hasVectors()) {
      return Optional.empty();
    }
    try {
      Class<?> floats = Class.forName("jdk.incubator.vector.FloatVector");
      Object species = floats.getField("SPECIES_PREFERRED").get(null);
      Class<?> type = Class.forName("jdk.incubator.vector.VectorSpecies");
      return Optional.of((Integer) type.getMethod("vectorBitSize").invoke(species));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("jdk.incubator.vector has changed", e);
    }
  }
}
