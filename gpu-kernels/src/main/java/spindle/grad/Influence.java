package spindle.grad;

import java.util.List;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Equation;
import spindle.ir.Expr;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Trace;
import spindle.ir.Type;

/** How an input enters the state of single neurons, and the shape of what it leaves there. */
sealed interface Influence {
  /** The derivative of a new state by the input, of this step alone; the constant 0 for none. */
  Expr on(Expr next);

  /** Type of a trace in a state of type {@code state}. */
  Type shape(Type input, Type state);

  /** A value per neuron in the shape of a trace; numbers are left alone. */
  Expr spread(Expr perNeuron);

  /**
   * A product that depends on the input by its weights' law.
   *
   * @param value the product
   * @param slope its derivative by the input
   */
  record Product(Expr value, Expr slope) {}

  /**
   * One number for all neurons, or one for each.
   *
   * @param input the value
   * @param products that depend on it
   */
  record Values(Expr input, List<Product> products) implements Influence {
    @Override
    public Expr on(Expr next) {
      Expr sum = Diagonal.within(next, input);
      for (Product p : products) {
        Expr slope = Diagonal.within(next, p.value());
        if (!slope.isConstant(0)) {
          Expr part = slope.times(p.slope());
          sum = sum.isConstant(0) ? part : sum.plus(part);
        }
      }
      return sum;
    }

    @Override
    public Type shape(Type input, Type state) {
      return state;
    }

    @Override
    public Expr spread(Expr perNeuron) {
      return perNeuron;
    }
  }

  /**
   * A TRANSMIT whose weights come from the input.
   *
   * @param rows it goes through
   * @param direction it goes
   * @param source what it multiplies
   * @param product its value
   * @param slope derivative of its weights by the input
   */
  record Use(Rows rows, Direction direction, Expr source, Expr product, Expr slope) {
    /**
     * The TRANSMIT at a place.
     *
     * @throws IllegalArgumentException if it multiplies a batch
     */
    static Use of(Program step, Primal primal, int place, Expr slope) {
      Equation e = step.at(place);
      Rows rows = step.rows(e.name());
      Direction direction = Direction.of(e);
      int batch = direction.batch(rows, step.at(e.args().get(0)).type().length());
      if (batch > 1) {
        throw new IllegalArgumentException(
            rows.name() + ": traces are of one trial, got a batch of " + batch);
      }
      Expr source = primal.value(e.args().get(0));
      return new Use(rows, direction, source, primal.value(place), slope);
    }

    /** A value per target beside a value per source, multiplied at every synapse. */
    Expr pair(Expr sources, Expr targets, int synapses) {
      Trace trace = targets.trace();
      return direction == Direction.ALONG
          ? trace.pair(sources, targets, rows, synapses)
          : trace.pair(targets, floats(sources, targets), rows, synapses);
    }

    private static Expr floats(Expr sources, Expr targets) {
      boolean events = sources.type().dtype() == DType.EVENTS;
      return events ? sources.trace().mark(sources, targets.type().dtype()) : sources;
    }
  }

  /**
   * One number per synapse.
   *
   * @param uses where they are weights, all of one connectivity
   */
  record Weights(List<Use> uses, int synapses) implements Influence {
    public Weights {
      Use first = uses.get(0);
      for (Use u : uses) {
        if (!u.rows().equals(first.rows()) || u.direction() != first.direction()) {
          throw new IllegalArgumentException(
              "weights with traces belong to one projection, got "
                  + first.rows().name()
                  + " and "
                  + u.rows().name());
        }
      }
    }

    @Override
    public Expr on(Expr next) {
      Expr sum = next.like(0);
      for (Use u : uses) {
        Expr slope = Diagonal.within(next, u.product());
        if (!slope.isConstant(0)) {
          Type perNeuron = u.product().type();
          Expr targets = Fit.to(next.trace(), slope, perNeuron);
          Expr part = u.slope().times(u.pair(u.source(), targets, synapses));
          sum = sum.isConstant(0) ? part : sum.plus(part);
        }
      }
      return sum;
    }

    @Override
    public Type shape(Type input, Type state) {
      return input;
    }

    @Override
    public Expr spread(Expr perNeuron) {
      if (perNeuron.type().isScalar()) {
        return perNeuron;
      }
      Use use = uses.get(0);
      Type sources = Type.vector(perNeuron.type().dtype(), use.direction().sources(use.rows()));
      Trace trace = perNeuron.trace();
      Expr ones = Fit.zero(trace, sources).plus(1);
      return use.pair(ones, perNeuron, synapses);
    }
  }
}
