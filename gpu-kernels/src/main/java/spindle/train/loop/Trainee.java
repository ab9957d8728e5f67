package spindle.train.loop;

import java.util.List;
import java.util.Map;

/** Something with parameters that a loss of samples can be differentiated by. */
public interface Trainee {
  /** The metric that is made small. */
  String LOSS = "loss";

  /** What is learned, in a fixed order. */
  List<Parameter> parameters();

  /** Sets a parameter. */
  void set(String parameter, double[] values);

  /** Number of samples of a part. */
  int count(Part part);

  /** Most samples at a time. */
  int members();

  /**
   * Evaluates samples.
   *
   * @param learn whether {@link #gradient} will be asked for
   * @return the mean of each metric over the samples, {@link #LOSS} among them: what the gradients
   *     are of
   */
  Map<String, Double> run(Minibatch batch, boolean learn);

  /** The gradient by a parameter of the last run that learned. */
  double[] gradient(String parameter);
}
