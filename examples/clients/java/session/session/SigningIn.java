package session;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A person signs in: a browser is opened, and the redirect URI takes one callback. */
public final class SigningIn {
    private SigningIn() {
    }

    /** The callback's whole address. TimeoutException where nobody comes back. */
    public static URI callbackOf(URI address) throws Exception {
        var redirectUri = URI.create(Session.setting("REDIRECT_URI"));
        var arrived = new LinkedBlockingQueue<URI>();
        var server = HttpServer.create(new InetSocketAddress(redirectUri.getHost(), redirectUri.getPort()), 0);
        server.createContext("/", exchange -> {
            var found = exchange.getRequestURI().getPath().equals(redirectUri.getPath());
            var text = (found ? "You can close this window." : "Not here.").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(found ? 200 : 404, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
            if (found) {
                arrived.add(redirectUri.resolve(exchange.getRequestURI()));
            }
        });
        server.start();
        try {
            new ProcessBuilder(System.getenv("BROWSER"), address.toString()).start();
            var callback = arrived.poll(Session.patience().toMillis(), TimeUnit.MILLISECONDS);
            if (callback == null) {
                throw new TimeoutException("nobody came back from the sign-in page");
            }
            return callback;
        } finally {
            server.stop(0);
        }
    }
}
