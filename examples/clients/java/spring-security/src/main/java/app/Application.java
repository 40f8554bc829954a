package app;

import java.io.FileInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.SupplierClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.client.OAuth2ClientHttpRequestInterceptor;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.client.RestClient;

/**
 * Spring Security in a Spring Boot application, after its reference: "OAuth2 Log In" where the provider has ID tokens,
 * "OAuth2 Client" at Ingest, and a RestClient that has the tokens from an interceptor.
 */
@SpringBootApplication
public class Application {
    static final String NAME = "sparring";
    private static final boolean OPENID = !setting("DISCOVERY_URL").isEmpty();

    static String setting(String name) {
        return System.getenv().getOrDefault("SPARRING_" + name, "");
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll());
        http.oauth2Client(Customizer.withDefaults());
        if (OPENID) {
            http.oauth2Login(Customizer.withDefaults());
        }
        return http.build();
    }

    @Bean
    ClientRegistrationRepository registrations() {
        return new SupplierClientRegistrationRepository(
                () -> new InMemoryClientRegistrationRepository(registration()));
    }

    private static ClientRegistration registration() {
        var builder = OPENID
                ? ClientRegistrations.fromIssuerLocation(setting("ISSUER"))
                : ClientRegistration.withRegistrationId(NAME)
                        .authorizationUri(setting("AUTHORIZE_URL"))
                        .tokenUri(setting("TOKEN_URL"));
        // Panopto refuses a code_verifier from a client with a secret
        var pkce = !setting("PROVIDER").equals("panopto");
        return builder.registrationId(NAME)
                .clientId(setting("CLIENT_ID"))
                .clientSecret(setting("CLIENT_SECRET"))
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .redirectUri(setting("REDIRECT_URI"))
                .scope(setting("SCOPE").split(" "))
                .clientSettings(ClientRegistration.ClientSettings.builder().requireProofKey(pkce).build())
                .build();
    }

    @Bean
    OAuth2AccessTokenResponseClient<OAuth2AuthorizationCodeGrantRequest> codeClient() {
        var client = new RestClientAuthorizationCodeTokenResponseClient();
        client.setRestClient(patient());
        return client;
    }

    @Bean
    OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> refreshClient() {
        var client = new RestClientRefreshTokenTokenResponseClient();
        client.setRestClient(patient());
        return client;
    }

    private static RestClient patient() {
        return RestClient.builder()
                .requestFactory(requests())
                .configureMessageConverters(converters -> converters
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build();
    }

    private static JdkClientHttpRequestFactory requests() {
        var factory = new JdkClientHttpRequestFactory(HttpClient.newHttpClient());
        var told = setting("TIMEOUT").isEmpty() ? 30 : Double.parseDouble(setting("TIMEOUT"));
        factory.setReadTimeout(Duration.ofMillis((long) (told * 500)));
        return factory;
    }

    @Bean
    RestClient api(OAuth2AuthorizedClientManager manager, OAuth2AuthorizedClientRepository clients) {
        var interceptor = new OAuth2ClientHttpRequestInterceptor(manager);
        interceptor.setAuthorizationFailureHandler(
                OAuth2ClientHttpRequestInterceptor.authorizationFailureHandler(clients));
        var ingest = setting("PROVIDER").equals("ingest");
        return RestClient.builder()
                .requestFactory(requests())
                .requestInterceptor(interceptor)
                .defaultHeader("Accept", ingest ? "application/vnd.ingest.v1+json" : MediaType.APPLICATION_JSON_VALUE)
                .build();
    }

    private static void trust(String file) throws Exception {
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

    public static void main(String[] arguments) throws Exception {
        if (!setting("CA_FILE").isEmpty()) {
            trust(setting("CA_FILE"));
        }
        var application = new SpringApplication(Application.class);
        var port = setting("REDIRECT_URI").isEmpty() ? 0 : URI.create(setting("REDIRECT_URI")).getPort();
        // A clock that is moved on ends what is kept alive, perhaps while a request is under way: nothing is kept alive.
        application.setDefaultProperties(Map.of(
                "server.address", "127.0.0.1",
                "server.port", port,
                "server.servlet.session.timeout", "365d", // the tokens are in it
                "server.tomcat.max-keep-alive-requests", 1,
                "spring.main.banner-mode", "off",
                "spring.main.lazy-initialization", true));
        application.run(arguments);
    }
}
