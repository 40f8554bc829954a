package app;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.client.RequestAttributeClientRegistrationIdResolver;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

@RestController
class Pages {
    private final RestClient api;
    private final OAuth2AuthorizedClientRepository clients;

    Pages(RestClient api, OAuth2AuthorizedClientRepository clients) {
        this.api = api;
        this.clients = clients;
    }

    @GetMapping("/")
    ResponseEntity<String> home(Principal person) {
        return shown(person != null);
    }

    /** Where "OAuth2 Client" leaves the person after a sign-in, or with an error in the address. */
    @GetMapping("/login/oauth2/code/sparring")
    ResponseEntity<String> after(HttpServletRequest request, Authentication person) {
        var client = clients.loadAuthorizedClient(Application.NAME, person, request);
        return shown(client != null && request.getQueryString() == null);
    }

    /** Whoever has no token is sent to the provider by the filter. */
    @GetMapping("/action")
    ResponseEntity<String> action() {
        var answer = api.get()
                .uri(Application.setting("API_URL"))
                .attributes(RequestAttributeClientRegistrationIdResolver.clientRegistrationId(Application.NAME))
                .retrieve()
                .toBodilessEntity();
        return answer.getStatusCode().is2xxSuccessful()
                ? ResponseEntity.ok("Signed in, and the API answers.")
                : ResponseEntity.status(502).body("The API answers " + answer.getStatusCode().value() + ".");
    }

    private static ResponseEntity<String> shown(boolean known) {
        return known ? ResponseEntity.ok("Signed in.") : ResponseEntity.status(401).body("Nobody is here.");
    }
}
