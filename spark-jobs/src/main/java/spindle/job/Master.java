package spindle.job;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Spark master as the user named it.
 *
 * @param option where it was named: {@code --master}
 */
record Master(String option, String url) {
  private static final Pattern LOCAL = Pattern.compile("local(\\[(\\*|\\d{1,6})(, *\\d+)?])?");
  private static final Pattern OTHER = Pattern.compile("local-cluster\\[.*]|yarn|k8s://.+");
  private static final Pattern STANDALONE =
      Pattern.compile("spark://[^:,/]+:\\d{1,5}(,[^:,/]+:\\d{1,5})*");
  private static final int WAIT_MS = 5_000;

  /** Whether this process is all there is. */
  boolean local() {
    return LOCAL.matcher(url).matches();
  }

  /** Tasks at a time in this process, if it is all there is. */
  Optional<Integer> localCores() {
    var local = LOCAL.matcher(url);
    if (!local.matches()) {
      return Optional.empty();
    }
    String cores = local.group(2);
    return Optional.of(
        cores == null
            ? 1
            : cores.equals("*")
                ? Runtime.getRuntime().availableProcessors()
                : Integer.parseInt(cores));
  }

  /**
   * Refuses what is no master.
   *
   * @throws UnusableMaster if nothing of this form exists
   */
  void demandForm() {
    if (!local() && !OTHER.matcher(url).matches() && !STANDALONE.matcher(url).matches()) {
      throw refused(
          "is no Spark master; give local[*], local[4], spark://HOST:7077, yarn or k8s://URL",
          null);
    }
  }

  /**
   * Knocks at the door of a standalone master: Spark itself would wait for minutes.
   *
   * @throws UnusableMaster if none of its hosts answers within 5 s
   */
  void demandAnswer() {
    if (!STANDALONE.matcher(url).matches()) {
      return;
    }
    var reasons = new ArrayList<String>();
    for (String place : url.substring("spark://".length()).split(",", -1)) {
      int colon = place.lastIndexOf(':');
      int port = Integer.parseInt(place.substring(colon + 1));
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(place.substring(0, colon), port), WAIT_MS);
        return;
      } catch (IOException | IllegalArgumentException e) {
        reasons.add(place + " " + reason(e));
      }
    }
    throw refused("does not answer (" + String.join("; ", reasons) + "); is it running?", null);
  }

  /** The refusal of a master, in words. */
  UnusableMaster refused(String why, Throwable cause) {
    return new UnusableMaster("%s %s: %s".formatted(option, url, why), cause);
  }

  private static String reason(Exception e) {
    if (e instanceof ConnectException) {
      return "refuses the connection";
    }
    if (e instanceof SocketTimeoutException) {
      return "is silent for " + WAIT_MS / 1000 + " s";
    }
    return e instanceof UnknownHostException ? "is no known host" : String.valueOf(e.getMessage());
  }
}
