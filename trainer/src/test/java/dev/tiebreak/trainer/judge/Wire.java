package dev.tiebreak.trainer.judge;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends bytes to a server as they are, which an HTTP client would not. */
final class Wire {
  private static final int MILLIS = 10_000;

  private final int port;

  Wire(int port) {
    this.port = port;
  }

  /** What comes back until the other side closes, or one whole message if it does not. */
  String send(byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(MILLIS);
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
      } catch (IOException e) {
        // it has heard enough and closed
      }
      return read(socket.getInputStream());
    }
  }

  private static String read(InputStream in) {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[1 << 14];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        text.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // closed in anger: what came before counts
    }
    return text.toString();
  }

  String send(String request) throws IOException {
    return send(request.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A well-formed request. */
  String ask(String method, String path, String... headers) throws IOException {
    return send(
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
            + lines(headers)
            + "\r\n");
  }

  /** A well-formed request with a body of JSON. */
  String post(String path, String body, String... headers) throws IOException {
    int bytes = body.getBytes(StandardCharsets.ISO_8859_1).length;
    return send(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + bytes
            + "\r\n"
            + lines(headers)
            + "\r\n"
            + body);
  }

  private static String lines(String... headers) {
    StringBuilder lines = new StringBuilder();
    for (String header : headers) {
      lines.append(header).append("\r\n");
    }
    return lines.toString();
  }

  static int status(String reply) {
    return Integer.parseInt(reply.substring(9, 12));
  }

  static String body(String reply) {
    return reply.substring(reply.indexOf("\r\n\r\n") + 4);
  }
}
