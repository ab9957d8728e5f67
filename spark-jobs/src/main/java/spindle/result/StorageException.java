package spindle.result;

/** Results cannot be kept where the user asked; the message says where, why and what to do. */
public final class StorageException extends RuntimeException {
  /** With a message for the user. */
  public StorageException(String message) {
    super(message);
  }

  /** With a message for the user and what the system said. */
  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
