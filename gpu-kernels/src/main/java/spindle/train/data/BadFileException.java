package spindle.train.data;

import java.io.IOException;

/** A file that was read, but is not what it should be: reading it again will not help. */
public final class BadFileException extends IOException {
  BadFileException(String message) {
    super(message);
  }

  BadFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
