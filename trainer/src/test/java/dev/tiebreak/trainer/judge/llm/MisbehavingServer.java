package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.base.Words;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A chat endpoint on a real socket that does whatever a test wants, good or bad. */
final class MisbehavingServer implements AutoCloseable {
  private final ServerSocket socket;
  private final Function<Request, Behaviour> behaviour;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  /**
   * What was asked.
   *
   * @param number from 1
   * @param head the first line and the headers
   */
  record Request(int number, String head, String body) {
    JsonNode json() {
      return JsonMapper.shared().readTree(body);
    }

    String model() {
      return json().get("model").stringValue();
    }

    /** The first message: the question about a pair. */
    String question() {
      return json().get("messages").get(0).get("content").stringValue();
    }

    boolean isAboutFormat() {
      return json().get("messages").size() > 1;
    }
  }

  /** What comes back. */
  sealed interface Behaviour {
    /** A whole reply. */
    record Reply(int status, String header, String body) implements Behaviour {}

    /** A reply that ends before its length. */
    record Cut(String body) implements Behaviour {}

    /** A connection that is reset. */
    record Reset() implements Behaviour {}

    /** Nothing, for as long as anybody waits. */
    record Stall() implements Behaviour {}
  }

  MisbehavingServer(Function<Request, Behaviour> behaviour) throws IOException {
    this.behaviour = behaviour;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** A completion as endpoints send them. */
  static Behaviour says(String text, int tokensIn, int tokensOut) {
    return new Behaviour.Reply(200, "", completion(text, tokensIn, tokensOut));
  }

  static String completion(String text, int tokensIn, int tokensOut) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.putArray("choices").addObject().putObject("message").put("content", text);
    json.putObject("usage").put("prompt_tokens", tokensIn).put("completion_tokens", tokensOut);
    return json.toString();
  }

  static Behaviour status(int status, String header, String body) {
    return new Behaviour.Reply(status, header, body);
  }

  String baseUrl() {
    return "http://127.0.0.1:" + socket.getLocalPort() + "/v1";
  }

  /** All that was asked, in the order it came in. */
  List<Request> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      String head = head(in);
      String length =
          head.lines()
              .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
              .findFirst()
              .orElseThrow();
      byte[] body = in.readNBytes(Integer.parseInt(length.substring(15).strip()));
      Request request;
      synchronized (requests) {
        request = new Request(requests.size() + 1, head, new String(body, StandardCharsets.UTF_8));
        requests.add(request);
      }
      act(connection, behaviour.apply(request));
    } catch (IOException e) {
      // the client has had enough
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.US_ASCII);
  }

  private void act(Socket connection, Behaviour what) throws IOException, InterruptedException {
    switch (what) {
      case Behaviour.Reply reply ->
          send(connection, reply.status(), reply.header(), reply.body(), 0);
      case Behaviour.Cut cut -> send(connection, 200, "", cut.body(), 100);
      case Behaviour.Reset _ -> connection.setSoLinger(true, 0);
      case Behaviour.Stall _ -> closing.await();
    }
  }

  private static void send(Socket connection, int status, String header, String body, int more)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        Words.of(
            "HTTP/1.1 %d Status\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n",
            status, bytes.length + more, header.isEmpty() ? "" : header + "\r\n");
    connection.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    connection.getOutputStream().write(bytes);
    connection.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    socket.close();
  }
}
