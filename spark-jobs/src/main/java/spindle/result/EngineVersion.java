package spindle.result;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** The version of the simulator that made a result. */
public final class EngineVersion {
  private EngineVersion() {}

  /** The version of the jar, {@code dev} when run from class folders. */
  public static String current() {
    String version = EngineVersion.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  /** The commit that the jar was built from, empty if its manifest does not tell. */
  public static String commit() {
    try {
      var source = EngineVersion.class.getProtectionDomain().getCodeSource();
      Path place = Path.of(source.getLocation().toURI());
      return Files.isRegularFile(place) ? commit(place) : "";
    } catch (IOException | RuntimeException | URISyntaxException e) {
      return "";
    }
  }

  static String commit(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      return manifest == null
          ? ""
          : Optional.ofNullable(manifest.getMainAttributes().getValue("Build-Commit")).orElse("");
    }
  }
}
