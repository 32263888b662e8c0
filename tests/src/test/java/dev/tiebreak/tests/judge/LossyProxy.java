package dev.tiebreak.tests.judge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes bytes on between a browser and a server, and cuts the line before some replies. */
final class LossyProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int server;
  private final AtomicInteger toLose = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private volatile String path = "";

  private LossyProxy(ServerSocket listener, int server) {
    this.listener = listener;
    this.server = server;
  }

  static LossyProxy to(int port) throws IOException {
    LossyProxy proxy =
        new LossyProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
    Thread.ofVirtual().start(proxy::accept);
    return proxy;
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Cuts the line instead of passing on the replies to so many requests. */
  void loseReplies(String path, int number) {
    this.path = path;
    toLose.set(number);
  }

  int lost() {
    return lost.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> relay(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void relay(Socket client) {
    try (client;
        Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server)) {
      Line line = new Line();
      Thread back = Thread.ofVirtual().start(() -> copy(upstream, client, line, false));
      copy(client, upstream, line, true);
      back.join();
    } catch (IOException | InterruptedException e) {
      // one of them is gone
    }
  }

  /** Whether the next reply is to be lost. */
  private static final class Line {
    private volatile boolean doomed;
  }

  private void copy(Socket from, Socket to, Line line, boolean request) {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        String text = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
        if (request && text.contains(path + " HTTP/1.1") && toLose.getAndDecrement() > 0) {
          line.doomed = true;
        }
        if (!request && line.doomed) {
          lost.incrementAndGet();
          from.close();
          to.close();
          return;
        }
        out.write(buffer, 0, n);
        out.flush();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // one of them is gone
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
