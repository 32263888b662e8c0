package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The web server for judges. Each request runs on a virtual thread. */
public final class JudgeServer implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(JudgeServer.class.getName());

  /**
   * Keeps Jetty silent about starting and about bad requests; a logger that nobody holds is lost.
   */
  private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

  private static final int BODY_BYTES = 16 << 10;
  private static final int HEADER_BYTES = 8 << 10;
  private static final long IDLE_MILLIS = 30_000;
  private static final long STOP_MILLIS = 2_000;
  private static final double PER_SECOND = 10; // of one judge; a person needs one in some seconds
  private static final double BURST = 60;
  private static final double UNKNOWN_PER_SECOND = 50; // of everybody who has no link that works
  private static final double UNKNOWN_BURST = 200;

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src"
              + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Cache-Control",
          "no-store",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "X-Robots-Tag",
          "noindex");

  private final Server server;
  private final ServerConnector connector;

  private JudgeServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /**
   * Begins to serve.
   *
   * @param host name or address to listen at
   * @param port to listen at; 0 for any that is free
   * @throws UserError if that is impossible
   */
  public static JudgeServer start(JudgeStore store, String host, int port) {
    return start(
        new JudgeApi(
            store,
            new RateLimiter(PER_SECOND, BURST, System::nanoTime),
            new RateLimiter(UNKNOWN_PER_SECOND, UNKNOWN_BURST, System::nanoTime)),
        host,
        port);
  }

  static JudgeServer start(JudgeApi api, String host, int port) {
    JETTY.setLevel(Level.SEVERE);
    QueuedThreadPool pool = new QueuedThreadPool();
    pool.setName("judge-server");
    pool.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("judge-", 0).factory()));
    Server server = new Server(pool);
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setRequestHeaderSize(HEADER_BYTES);
    ServerConnector connector =
        new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    server.setHandler(new ApiHandler(api));
    server.setErrorHandler(JudgeServer::malformed);
    server.setStopTimeout(STOP_MILLIS);
    JudgeServer started = new JudgeServer(server, connector);
    try {
      server.start();
      return started;
    } catch (Exception e) {
      started.close();
      throw cannotListen(host, port, e);
    }
  }

  private static UserError cannotListen(String host, int port, Exception cause) {
    for (Throwable one = cause; one != null; one = one.getCause()) {
      if (one instanceof BindException && String.valueOf(one.getMessage()).contains("in use")) {
        return new UserError(
            Words.of("port %d of %s is in use; choose another", port, host),
            cause,
            Remedy.parameter("port"));
      }
      if (one instanceof BindException || one instanceof UnresolvedAddressException) {
        return cannotListen(host, port, one.getMessage(), cause);
      }
    }
    return cannotListen(host, port, cause.getMessage(), cause);
  }

  private static UserError cannotListen(String host, int port, String why, Exception cause) {
    return new UserError(
        Words.of("cannot listen at %s, port %d: %s; choose others", host, port, why),
        cause,
        Remedy.parameter("host"),
        Remedy.parameter("port"));
  }

  public int port() {
    return connector.getLocalPort();
  }

  /** Ends after the requests that are under way, or after two seconds. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.log(Level.FINE, "the server did not stop in order", e);
    }
  }

  private static final class ApiHandler extends Handler.Abstract {
    private final JudgeApi api;

    ApiHandler(JudgeApi api) {
      this.api = api;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      Reply reply;
      try {
        reply = reply(request);
      } catch (IOException e) { // the sender has gone or is too slow
        reply = Reply.error(400, "the request was cut off");
      } catch (RuntimeException e) {
        LOG.log(Level.SEVERE, "a request failed: " + e.getMessage());
        LOG.log(Level.FINE, "a request failed", e);
        reply = Reply.error(500, "something went wrong; try again");
      }
      send(reply, response, callback);
      return true;
    }

    private Reply reply(Request request) throws IOException {
      String site = request.getHeaders().get("Sec-Fetch-Site");
      boolean writes = request.getMethod().equals("POST");
      if (writes && site != null && !site.equals("same-origin")) {
        return Reply.error(403, "only this site's own pages may do that");
      }
      byte[] body = new byte[0];
      if (writes) {
        if (request.getLength() > BODY_BYTES) {
          return tooLarge();
        }
        body = Content.Source.asInputStream(request).readNBytes(BODY_BYTES + 1);
        if (body.length > BODY_BYTES) {
          return tooLarge();
        }
      }
      String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
      return api.reply(
          new JudgeApi.Call(
              request.getMethod(),
              Request.getPathInContext(request),
              type == null ? "" : type,
              body));
    }

    private static Reply tooLarge() {
      return Reply.error(413, Words.of("more than %d bytes", BODY_BYTES));
    }
  }

  /** What is no HTTP never reaches the handler; Jetty blames itself for some of it, wrongly. */
  private static boolean malformed(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    boolean ours = status == 500 || status == 503;
    int said = status >= 500 && !ours ? 400 : status;
    send(Reply.error(said, ours ? "something went wrong" : "bad request"), response, callback);
    return true;
  }

  private static void send(Reply reply, Response response, Callback callback) {
    response.setStatus(reply.status());
    HEADERS.forEach((name, value) -> response.getHeaders().put(name, value));
    if (!reply.allow().isEmpty()) {
      response.getHeaders().put(new HttpField(HttpHeader.ALLOW, reply.allow()));
    }
    if (reply.status() != 204) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.type());
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, reply.content().length);
    }
    response.write(true, ByteBuffer.wrap(reply.content()), callback);
  }
}
