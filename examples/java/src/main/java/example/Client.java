package example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/** The client under test: one token, kept until shortly before its end. */
public final class Client {
    private final HttpClient http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
    private final ObjectMapper json = new ObjectMapper();
    private final URI tokenUrl;
    private final URI apiUrl;
    private final Map<String, String> form;
    private final Clock clock;
    private String token;
    private Instant renewAt;

    public Client(URI tokenUrl, URI apiUrl, String id, String secret, String scope, Clock clock) {
        this.tokenUrl = tokenUrl;
        this.apiUrl = apiUrl;
        this.form = Map.of(
                "grant_type", "client_credentials", "scope", scope, "client_id", id, "client_secret", secret);
        this.clock = clock;
    }

    public JsonNode get() throws IOException, InterruptedException {
        if (token == null || clock.instant().isAfter(renewAt)) {
            renew();
        }
        HttpRequest request = HttpRequest.newBuilder(apiUrl)
                .timeout(Duration.ofSeconds(3))
                .header("Authorization", "Bearer " + token)
                .build();
        return answer(request, "the API");
    }

    private void renew() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(tokenUrl)
                .timeout(Duration.ofSeconds(3))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encoded(form)))
                .build();
        JsonNode reply = answer(request, "the token endpoint");
        token = reply.required("access_token").asText();
        renewAt = clock.instant().plusSeconds(reply.required("expires_in").asLong() * 4 / 5);
    }

    private JsonNode answer(HttpRequest request, String who) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(who + " answered " + response.statusCode() + " " + response.body());
        }
        return json.readTree(response.body());
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
