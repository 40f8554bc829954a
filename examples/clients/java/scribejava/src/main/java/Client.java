import com.github.scribejava.core.builder.ServiceBuilder;
import com.github.scribejava.core.builder.api.DefaultApi20;
import com.github.scribejava.core.httpclient.jdk.JDKHttpClientConfig;
import com.github.scribejava.core.model.OAuth2AccessToken;
import com.github.scribejava.core.model.OAuthRequest;
import com.github.scribejava.core.model.Verb;
import com.github.scribejava.core.oauth.AccessTokenRequestParams;
import com.github.scribejava.core.oauth.OAuth20Service;
import com.github.scribejava.core.oauth2.clientauthentication.ClientAuthentication;
import com.github.scribejava.core.oauth2.clientauthentication.RequestBodyAuthenticationScheme;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import session.Session;
import session.SigningIn;

/**
 * ScribeJava's OAuth20Service with an API of one's own, as in its examples (Google20WithPKCEExample): the caller compares
 * the state, and keeps the token.
 */
public final class Client implements Session.Client {
    private final OAuth20Service service = new ServiceBuilder(Session.setting("CLIENT_ID"))
            .apiSecret(Session.setting("CLIENT_SECRET"))
            .defaultScope(Session.setting("SCOPE"))
            .callback(Session.setting("REDIRECT_URI"))
            .httpClientConfig(patient())
            .build(new Provider());
    private OAuth2AccessToken token;
    private String refreshToken;
    private Instant end;

    private static JDKHttpClientConfig patient() {
        var config = JDKHttpClientConfig.defaultConfig();
        config.setConnectTimeout((int) Session.patience().toMillis());
        config.setReadTimeout((int) Session.patience().toMillis());
        return config;
    }

    private void keep(OAuth2AccessToken obtained) {
        token = obtained;
        refreshToken = obtained.getRefreshToken() == null ? refreshToken : obtained.getRefreshToken();
        var left = obtained.getExpiresIn();
        end = left == null ? null : Instant.now().plusSeconds(left);
    }

    private void obtain() throws Exception {
        refreshToken = null;
        if (Session.setting("GRANT").equals("client_credentials")) {
            keep(service.getAccessTokenClientCredentialsGrant());
        } else {
            signIn();
        }
    }

    private void signIn() throws Exception {
        var secretState = "secret" + new SecureRandom().nextLong();
        var pkce = !Session.setting("PROVIDER").equals("panopto"); // it refuses a code_verifier from a client with a secret
        var authorization = service.createAuthorizationUrlBuilder().state(secretState);
        if (pkce) {
            authorization.initPKCE();
        }
        var callback = service.extractAuthorization(SigningIn.callbackOf(URI.create(authorization.build())).toString());
        if (!secretState.equals(callback.getState())) {
            throw new IOException("the callback is not of this sign-in");
        }
        if (callback.getCode() == null) {
            throw new IOException("the callback has no code");
        }
        var exchange = AccessTokenRequestParams.create(callback.getCode());
        if (pkce) {
            exchange.pkceCodeVerifier(authorization.getPkce().getCodeVerifier());
        }
        keep(service.getAccessToken(exchange));
    }

    private void renew() throws Exception {
        if (refreshToken == null) {
            obtain();
            return;
        }
        keep(service.refreshAccessToken(refreshToken));
    }

    @Override
    public Instant authenticate(boolean fresh) throws Exception {
        if (fresh || token == null) {
            obtain();
        }
        return end;
    }

    @Override
    public void callApi() throws Exception {
        if (token == null) {
            obtain();
        } else if (end != null && !end.isAfter(Instant.now())) {
            renew();
        }
        var request = new OAuthRequest(Verb.GET, Session.setting("API_URL"));
        if (Session.setting("PROVIDER").equals("ingest")) {
            request.addHeader("Accept", "application/vnd.ingest.v1+json");
        }
        service.signRequest(token, request);
        try (var response = service.execute(request)) {
            if (!response.isSuccessful()) {
                throw new IOException("the API answered " + response.getCode());
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Session.serve(new Client());
    }

    private static final class Provider extends DefaultApi20 {
        @Override
        public String getAccessTokenEndpoint() {
            return Session.setting("TOKEN_URL");
        }

        @Override
        protected String getAuthorizationBaseUrl() {
            return Session.setting("AUTHORIZE_URL");
        }

        @Override
        public ClientAuthentication getClientAuthentication() {
            return RequestBodyAuthenticationScheme.instance();
        }
    }
}
