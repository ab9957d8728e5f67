package spindle.result;

/** The version of the simulator that made a result. */
public final class EngineVersion {
  private EngineVersion() {}

  /** The version of the jar, {@code dev} when run from class folders. */
  public static String current() {
    String version = EngineVersion.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
