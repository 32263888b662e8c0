package dev.tiebreak.tests.judge;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;

/** What the page's script does to be heard: asks again until there is an answer. */
final class Client {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  private final int port;

  Client(int port) {
    this.port = port;
  }

  static String key() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  void postUntilAnswered(String path, String body) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + Judging.HOST + ":" + port + path))
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    while (true) {
      try {
        int status = CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status == 200) {
          return;
        }
        if (status < 500 && status != 429) {
          throw new IllegalStateException(path + " was refused: " + status);
        }
      } catch (IOException e) {
        // no server, or none any more
      }
      Thread.sleep(100);
    }
  }
}
