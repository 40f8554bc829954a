package session;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The JSON lines of {@code sparring check --driver session}. */
public final class Session {
    /** What is driven. Whatever it throws is told as an error. */
    public interface Client {
        /** Make sure that there is a token; gives its end, or null where none is known. */
        Instant authenticate(boolean fresh) throws Exception;

        void callApi() throws Exception;
    }

    private static final PrintStream OUT = System.out;

    private Session() {
    }

    /** The environment's SPARRING_ with that name, or an empty string. */
    public static String setting(String name) {
        return System.getenv().getOrDefault("SPARRING_" + name, "");
    }

    /** A quarter of the time that an instruction may take: to connect has a limit of its own, and may be tried twice. */
    public static Duration patience() {
        return Duration.ofMillis((long) (Double.parseDouble(setting("TIMEOUT")) * 250));
    }

    /** Obey until told to quit. */
    public static void serve(Client client) throws Exception {
        System.setOut(System.err);
        trust(setting("CA_FILE"));
        OUT.println("{\"sparring\":\"ready\",\"protocol\":1}");
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            var told = Json.parse(line).asObject();
            OUT.println(obey(client, told).set("sparring", "done").set("id", told.get("id")));
            if (told.getString("do", "").equals("quit")) {
                System.exit(0);
            }
        }
    }

    private static JsonObject obey(Client client, JsonObject told) {
        var done = new JsonObject().set("outcome", "ok");
        try {
            switch (told.getString("do", "")) {
                case "authenticate" -> {
                    var end = client.authenticate(told.getBoolean("fresh", false));
                    if (end != null) {
                        done.set("expires_at", end.getEpochSecond());
                    }
                }
                case "call_api" -> {
                    for (var call = 0; call < told.getInt("times", 1); call++) {
                        client.callApi();
                    }
                }
                default -> {
                }
            }
        } catch (Exception error) {
            done.set("outcome", "error").set("detail", error.getClass().getName());
        }
        return done;
    }

    private static void trust(String file) throws Exception {
        if (file.isEmpty()) {
            return;
        }
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var pem = new FileInputStream(file)) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        SSLContext.setDefault(context);
    }
}
