import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A school's viewer of ClickView videos, with java.net.http: a token by client credentials, and with it one call. */
class WithHttpClient {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
        .connectTimeout(Duration.ofSeconds(10))
        .version(HttpClient.Version.HTTP_1_1)
        .build();
    private static final Pattern TOKEN = Pattern.compile("\"access_token\"\\s*:\\s*\"([A-Za-z0-9._~+/=-]+)\"");
    private static final Pattern BEARER = Pattern.compile("\"token_type\"\\s*:\\s*\"bearer\"", Pattern.CASE_INSENSITIVE);

    public static void main(String[] arguments) {
        try {
            String form = "grant_type=client_credentials"
                + "&client_id=" + encoded(System.getenv("CLICKVIEW_ID"))
                + "&client_secret=" + encoded(System.getenv("CLICKVIEW_SECRET"))
                + "&scope=smartembed.viewkey";
            String issued = ask(HttpRequest.newBuilder(URI.create("https://auth.clickviewapp.com/connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
            Matcher token = TOKEN.matcher(issued);
            if (!token.find() || !BEARER.matcher(issued).find()) {
                throw new IllegalStateException("that is no Bearer token");
            }
            ask(HttpRequest.newBuilder(URI.create("https://integrations.clickviewapp.com/api/v1/example"))
                .header("Authorization", "Bearer " + token.group(1)));
            System.out.println("done");
        } catch (Exception trouble) {
            System.err.println(trouble);
            System.exit(1);
        }
    }

    private static String ask(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = CLIENT.send(
            request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(response.uri().getHost() + " answered " + response.statusCode());
        }
        return response.body();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
