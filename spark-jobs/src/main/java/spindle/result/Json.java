package spindle.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Records as JSON with snake_case names, written by {@link spindle.task.Json} and read back here;
 * unknown fields are skipped.
 */
public final class Json {
  private static final ObjectMapper READER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Json() {}

  /** One line. */
  public static String line(Object value) {
    return spindle.task.Json.of(value);
  }

  /** Several lines, for people. */
  public static byte[] pretty(Object value) {
    return spindle.task.Json.pretty(value).getBytes(StandardCharsets.UTF_8);
  }

  /** Reads one record from text. */
  public static <T> T parse(String text, Class<T> type) {
    try {
      return READER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads one record from a file. */
  public static <T> T read(Path file, Class<T> type) throws IOException {
    return READER.readValue(Files.readAllBytes(file), type);
  }
}
