package spindle.train.bptt;

/** No plan of checkpoints fits the memory that it may take; the message says what would. */
public final class OverBudgetException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  OverBudgetException(String message) {
    super(message);
  }
}
