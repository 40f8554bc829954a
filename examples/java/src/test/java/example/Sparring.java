package example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The fakes, from {@code sparring serve}: started, steered and ended. */
final class Sparring implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final Process process;
    private final JsonNode ready;

    Sparring(String... providers) throws IOException, InterruptedException {
        Path file = Files.createTempDirectory("sparring").resolve("ready.json");
        List<String> command = new ArrayList<>(List.of("sparring", "serve"));
        command.addAll(List.of(providers));
        command.addAll(List.of("--port", "0", "--ready-file", file.toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (!Files.exists(file)) {
            if (!process.isAlive()) {
                throw new IOException("sparring serve ended with " + process.exitValue());
            }
            Thread.sleep(20);
        }
        ready = json.readTree(file.toFile());
    }

    JsonNode provider(String name) {
        return ready.required("providers").required(name);
    }

    void control(String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(stage(path)).header("Content-Type", "application/json");
        send(request.POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    int requests(String endpoint) throws IOException, InterruptedException {
        String answer = send(HttpRequest.newBuilder(stage("recording?endpoint=" + endpoint)));
        return json.readTree(answer).required("exchanges").size();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    private URI stage(String path) {
        return URI.create(ready.required("control_url").asText() + "/stages/main/" + path);
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(answer.body());
        }
        return answer.body();
    }
}
