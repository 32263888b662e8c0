package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Check;
import picocli.CommandLine.Option;

/** Where the page of judges is: the port it is served at, and the address that links begin with. */
final class JudgeUrlOption {
  private static final int MOST_PORT = 65_535;

  @Option(
      names = "--port",
      paramLabel = "<port>",
      defaultValue = "8080",
      description =
          "Where tiebreak judge serve listens (default: ${DEFAULT-VALUE}; 0: any that is free).")
  private int port;

  @Option(
      names = "--url",
      paramLabel = "<address>",
      description =
          "What links begin with, where the page is reached by another address than that it listens"
              + " at.")
  private String url;

  /** The address without a slash at its end. */
  String base(String host, int port) {
    if (url == null) {
      String name = host.contains(":") ? "[" + host + "]" : host;
      return "http://" + (name.equals("0.0.0.0") ? "localhost" : name) + ":" + port;
    }
    Check.user(
        url.matches("https?://[^\\s?#]+"),
        "--url is %s; it must begin with https:// or http:// and have no ? or #",
        url);
    return url.replaceFirst("/+$", "");
  }

  /** The port. */
  int port() {
    Check.parameter(port >= 0 && port <= MOST_PORT, "port", port, "from 0 to " + MOST_PORT);
    return port;
  }
}
