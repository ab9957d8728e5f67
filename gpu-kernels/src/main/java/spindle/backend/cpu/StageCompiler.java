package spindle.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import spindle.backend.EventLog;
import spindle.compile.Events;
import spindle.compile.Jvm;
import spindle.compile.Kernel;
import spindle.compile.Layout;
import spindle.compile.Mode;
import spindle.compile.Stage;
import spindle.ir.Type;

/** Binds stages to memory. */
final class StageCompiler {
  /** Elements per block: the arrays of a few loops over as many stay in the L2 cache. */
  private static final int BLOCK = 8192;

  /**
   * Elements per block of the first calls. The JVM compiles a method by its calls sooner and better
   * than inside a long loop, so a new loop is called often. A multiple of 64, as all ranges are:
   * whole words of marks.
   */
  private static final int FIRST_BLOCK = 128;

  private static final int FIRST_CALLS = 4096;

  /** Elements of a vector from which on threads share the work on it. */
  private static final int FEWEST_SHARED = 8192;

  private final Memory memory;
  private final Layout layout;
  private final Shared shared;
  private final List<Rehearsal> rehearsals = new ArrayList<>();

  StageCompiler(Memory memory, Layout layout, Shared shared) {
    this.memory = memory;
    this.layout = layout;
    this.shared = shared;
  }

  /** Of the loops compiled so far, those that are slow at first. */
  List<Rehearsal> rehearsals() {
    return rehearsals;
  }

  Work work(Stage stage) {
    if (stage instanceof Stage.Loops s) {
      return loops(s);
    } else if (stage instanceof Stage.Deliver s) {
      return deliver(s);
    } else if (stage instanceof Stage.Arrive s) {
      return arrive(s);
    } else if (stage instanceof Stage.Remember s) {
      return remember(s);
    } else if (stage instanceof Stage.Multiply s) {
      return multiply(s);
    } else if (stage instanceof Stage.Pair s) {
      return pair(s);
    } else if (stage instanceof Stage.Slice s) {
      return slice(s);
    } else if (stage instanceof Stage.Mark s) {
      return mark(s);
    } else if (stage instanceof Stage.Collect s) {
      return collect(s);
    } else if (stage instanceof Stage.Keep s) {
      return keep(s);
    } else if (stage instanceof Stage.Copy s) {
      return Gathering.copy(array(s.from()), array(s.to()));
    } else if (stage instanceof Stage.CopySlot s) {
      return step -> memory.scalars()[s.to()] = memory.scalars()[s.from()];
    } else if (stage instanceof Stage.Total s) {
      return Gathering.total(array(s.vector()), size(s.vector()), memory.scalars(), s.slot());
    } else if (stage instanceof Stage.Numbering s) {
      java.util.Arrays.setAll((int[]) memory.arrays()[s.target()], i -> i);
      return step -> {};
    } else if (stage instanceof Stage.Pick s) {
      return Gathering.pick(
          array(s.vector()), (int[]) array(s.index()), size(s.index()), array(s.target()));
    } else if (stage instanceof Stage.Scatter s) {
      return Gathering.scatter(
          array(s.vector()), (int[]) array(s.index()), size(s.index()), array(s.target()));
    } else if (stage instanceof Stage.Pad s) {
      return Gathering.pad(array(s.vector()), size(s.vector()), s.offset(), array(s.target()));
    }
    throw new IllegalStateException("unknown stage " + stage);
  }

  private Work loops(Stage.Loops s) {
    List<Kernel> kernels = s.loops().stream().map(l -> Jvm.kernel(l, layout, s.mode())).toList();
    if (s.length() == Type.SCALAR) {
      Kernel only = kernels.get(0);
      return step -> only.run(memory.arrays(), memory.scalars(), 0, 0);
    }
    if (s.mode() == Mode.VECTOR && s.length() > 0) {
      rehearse(s, kernels);
    }
    var parts = new Work[parts(s.length())];
    var lists = new Events[parts.length][];
    for (int p = 0; p < parts.length; p++) {
      Object[] own = p == 0 ? memory.arrays() : memory.arrays().clone();
      lists[p] = marked(s, own);
      var share = new Share(p, parts.length);
      parts[p] = blocks(kernels.toArray(new Kernel[0]), own, lists[p], share, extent(s));
    }
    return joining(together(parts), lists);
  }

  private void rehearse(Stage.Loops s, List<Kernel> kernels) {
    for (int k = 0; k < kernels.size(); k++) {
      rehearsals.add(new Rehearsal(kernels.get(k), s.loops().get(k).operations(), s.length()));
    }
  }

  /** Threads that share a stage over so many elements. */
  private int parts(int length) {
    return length < FEWEST_SHARED ? 1 : shared.team().size();
  }

  private Work together(Work[] parts) {
    return parts.length == 1 ? parts[0] : step -> shared.team().run(parts, step);
  }

  /** Vector loops run over the padding too and need no tail. */
  private static int extent(Stage.Loops s) {
    return s.mode() == Mode.VECTOR ? Memory.padded(s.length()) : s.length();
  }

  /** Lists what a block has marked while the marks are in the cache. */
  private Work blocks(Kernel[] kernels, Object[] arrays, Events[] marked, Share share, int extent) {
    double[] scalars = memory.scalars();
    int begin = share.from(extent);
    int end = share.to(extent);
    var calls = new int[1];
    return step -> {
      int block = calls[0] < FIRST_CALLS ? FIRST_BLOCK : BLOCK;
      for (int from = begin; from < end; from += block) {
        int to = Math.min(end, from + block);
        for (Kernel k : kernels) {
          k.run(arrays, scalars, from, to);
        }
        for (Events list : marked) {
          list.addMarks(from, to);
        }
        calls[0]++;
      }
    };
  }

  /**
   * The lists of what vector loops mark, with room for the marks. Each part has its own but the
   * first, whose are the step's: what two threads write by turns travels between their caches.
   */
  private Events[] marked(Stage.Loops s, Object[] arrays) {
    return s.loops().stream()
        .flatMap(l -> l.collects().values().stream())
        .map(
            a -> {
              var list = arrays == memory.arrays() ? (Events) arrays[a] : new Events(s.length());
              list.makeMarks(extent(s));
              arrays[a] = list;
              return list;
            })
        .toArray(Events[]::new);
  }

  /** Moves the events of all parts to the first. */
  private static Work joining(Work run, Events[][] lists) {
    if (lists.length == 1 || lists[0].length == 0) {
      return run;
    }
    return step -> {
      run.run(step);
      for (int p = 1; p < lists.length; p++) {
        for (int l = 0; l < lists[p].length; l++) {
          lists[0][l].addRange(lists[p][l], 0, Integer.MAX_VALUE);
          lists[p][l].clear();
        }
      }
    };
  }

  private Object array(int number) {
    return number < 0 ? null : memory.arrays()[number];
  }

  private int size(int array) {
    return layout.arrays().get(array).length();
  }

  /** Where to find events in each step. */
  private IntFunction<Events> events(Stage.Source source) {
    EventRing ring = shared.rings().get(source.variable());
    var list = (Events) array(source.list());
    return ring == null ? step -> list : step -> ring.at(source.delay());
  }

  private Work deliver(Stage.Deliver s) {
    Object target = array(s.target());
    IntFunction<Events> source = events(s.source());
    var sink = Sink.of(target, s.batch());
    var parts = new Work[parts(size(s.target()))];
    for (int p = 0; p < parts.length; p++) {
      Consumer<Events> delivery =
          shared
              .matrices()
              .get(s.rows())
              .delivery(array(s.weights()), sink, new Share(p, parts.length));
      parts[p] = step -> delivery.accept(source.apply(step));
    }
    Work all = together(parts);
    return step -> {
      if (s.clears()) {
        Vectors.zero(target);
      }
      if (source.apply(step).count() > 0) {
        all.run(step);
      }
    };
  }

  private Work arrive(Stage.Arrive s) {
    var target = new Arrivals.Target(array(s.target()), size(s.target()), s.batch());
    return new Arrivals(
        shared.rings().get(s.recent().variable()),
        s.recent(),
        target,
        d -> {
          var parts = new Work[parts(target.length())];
          for (int p = 0; p < parts.length; p++) {
            Consumer<Events> arrivals =
                shared.matrices().get(s.rows()).arrivals(d.sink(), new Share(p, parts.length));
            parts[p] = step -> arrivals.accept(d.events());
          }
          return together(parts);
        });
  }

  private Work remember(Stage.Remember s) {
    EventRing ring = shared.rings().get(s.recent().variable());
    var target = (Events) array(s.target());
    return step -> ring.list(s.recent().steps(), s.recent().from(), s.recent().to(), target);
  }

  private Work multiply(Stage.Multiply s) {
    var o = s.operands();
    Object target = array(s.target());
    Object weights = array(o.weights());
    var sum = new Matrix.Sum(s.direction(), array(o.vector()), target, s.batch(), array(o.mask()));
    Matrix matrix = shared.matrices().get(s.rows());
    ByTarget kept = byTarget(o.weights());
    int length = size(s.target());
    var parts = new Work[parts(length)];
    for (int p = 0; p < parts.length; p++) {
      var share = new Share(p, parts.length);
      Runnable product =
          kept == null
              ? matrix.product(sum, weights, share)
              : kept.product(sum, (float[]) weights, share);
      parts[p] = step -> product.run();
    }
    Work all = together(parts);
    return kept != null
        ? all
        : step -> {
          Vectors.zero(target);
          all.run(step);
          Vectors.positiveZeros(target, length);
        };
  }

  /** How an array of weights is kept, null where as numbered. */
  private ByTarget byTarget(int array) {
    return variable(array).map(shared.byTarget()::get).orElse(null);
  }

  /** The variable that an array holds, if it does not hold a value of one step. */
  private Optional<String> variable(int array) {
    return layout.variables().entrySet().stream()
        .filter(v -> v.getValue() == array)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private Work pair(Stage.Pair s) {
    Matrix matrix = shared.matrices().get(s.rows());
    Optional<Work> added = s.into() < 0 ? Optional.empty() : added(s, matrix);
    return added.orElseGet(() -> pair(s, matrix));
  }

  /** Adds the sums of pairs in one piece, if the matrix can. */
  private Optional<Work> added(Stage.Pair s, Matrix matrix) {
    Object post = array(s.post());
    if (s.marks().isEmpty()) {
      return matrix
          .addedPairs(array(s.pre()), post, array(s.into()), s.batch())
          .map(pairs -> withoutNegativeZeros(s.into(), step -> pairs.run()));
    }
    IntFunction<Events> source = events(s.marks().get(0).source());
    return matrix
        .addedEvents(post, array(s.into()), s.batch())
        .map(p -> withoutNegativeZeros(s.into(), step -> p.accept(source.apply(step))));
  }

  /**
   * A sum is no -0, but where nothing is added one may be left of what was written from outside.
   */
  private Work withoutNegativeZeros(int into, Work added) {
    Object sums = array(into);
    int length = size(into);
    boolean[] any =
        shared.gathered().computeIfAbsent(variable(into).orElseThrow(), v -> new boolean[1]);
    return step -> {
      added.run(step);
      if (any[0]) {
        Vectors.positiveZeros(sums, length);
        any[0] = false;
      }
    };
  }

  private Work pair(Stage.Pair s, Matrix matrix) {
    List<Work> marks = s.marks().stream().map(this::mark).toList();
    Object target = array(s.target());
    Runnable pairs = matrix.pairs(array(s.pre()), array(s.post()), target, s.batch());
    int length = size(s.target());
    return step -> {
      marks.forEach(m -> m.run(step));
      pairs.run();
      Vectors.positiveZeros(target, length);
      if (s.into() >= 0) {
        Vectors.add(target, array(s.into()), length);
      }
    };
  }

  private Work mark(Stage.Mark s) {
    Object target = array(s.target());
    IntFunction<Events> source = events(s.source());
    return step -> {
      Vectors.zero(target);
      Events events = source.apply(step);
      for (int e = 0; e < events.count(); e++) {
        if (target instanceof float[] f) {
          f[events.indices()[e]] = 1;
        } else {
          ((double[]) target)[events.indices()[e]] = 1;
        }
      }
    };
  }

  private Work slice(Stage.Slice s) {
    IntFunction<Events> source = events(s.source());
    var target = (Events) array(s.target());
    return step -> target.addRange(source.apply(step), s.from(), s.to());
  }

  /** Whoever wrote a mask also reads it, else it travels between the caches twice in each step. */
  private Work collect(Stage.Collect s) {
    int length = size(s.events());
    Object mask = array(s.mask());
    var parts = new Work[parts(length)];
    var lists = new Events[parts.length][];
    for (int p = 0; p < parts.length; p++) {
      var share = new Share(p, parts.length);
      var list = p == 0 ? (Events) array(s.events()) : new Events(length);
      lists[p] = new Events[] {list};
      parts[p] = step -> addWhere(mask, share.from(length), share.to(length), list);
    }
    return joining(together(parts), lists);
  }

  private static void addWhere(Object mask, int from, int to, Events list) {
    if (mask instanceof float[] f) {
      list.addWhere(f, from, to);
    } else {
      list.addWhere((double[]) mask, from, to);
    }
  }

  private Work keep(Stage.Keep s) {
    Events events = (Events) memory.arrays()[s.events()];
    EventRing ring = shared.rings().get(s.variable());
    EventLog log = shared.logs().get(s.variable());
    if (log == null) {
      return step -> ring.keep(events);
    }
    return step -> {
      ring.keep(events);
      if (events.count() > 0) {
        log.add(step, events.indices(), events.count());
      }
    };
  }
}
