package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClientTest {
    private static Sparring fakes;

    @BeforeAll
    static void serve() throws Exception {
        fakes = new Sparring("clickview");
    }

    @AfterAll
    static void end() throws Exception {
        fakes.close();
    }

    @BeforeEach
    void reset() throws Exception {
        fakes.control("reset", "{}");
    }

    private static Client client(Clock clock) {
        JsonNode its = fakes.provider("clickview");
        JsonNode endpoints = its.required("endpoints");
        return new Client(
                URI.create(endpoints.required("token").asText()),
                URI.create(endpoints.required("api").asText()),
                its.required("client_id").asText(),
                its.required("client_secret").asText(),
                its.required("scope").asText(),
                clock);
    }

    @Test
    void oneTokenServesSeveralCalls() throws Exception {
        Client client = client(Clock.systemUTC());
        client.get();
        client.get();
        assertEquals(1, fakes.requests("token"));
    }

    @Test
    void aDeadTokenIsRefused() throws Exception {
        Client client = client(Clock.systemUTC());
        client.get();
        fakes.control("clock/advance", "{\"seconds\": 90000}");
        IOException refusal = assertThrows(IOException.class, client::get);
        assertTrue(refusal.getMessage().contains("401"), refusal.getMessage());
    }

    @Test
    void aRefusalIsSaid() throws Exception {
        fakes.control("faults", """
                {"match": {"endpoint": "token"},
                 "effect": {"kind": "replace", "status": 400, "body": {"error": "invalid_scope"}}}""");
        IOException refusal = assertThrows(IOException.class, client(Clock.systemUTC())::get);
        assertTrue(refusal.getMessage().contains("invalid_scope"), refusal.getMessage());
        assertEquals(0, fakes.requests("api"));
    }
}
