import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.AuthorizationResponse;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.oauth2.sdk.token.Tokens;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import session.Session;
import session.SigningIn;

/**
 * Nimbus' OAuth 2.0 SDK with OpenID Connect extensions, after its guides: OpenID Connect by discovery with a validated
 * ID token; at Ingest, which has neither, plain OAuth 2.0. The caller compares the state, and keeps the tokens.
 */
public final class Client implements Session.Client {
    private static final boolean OPENID = !Session.setting("DISCOVERY_URL").isEmpty();
    private static final int PATIENCE = (int) Session.patience().toMillis();

    private final ClientID clientId = new ClientID(Session.setting("CLIENT_ID"));
    private final ClientAuthentication clientAuth =
            new ClientSecretPost(clientId, new Secret(Session.setting("CLIENT_SECRET")));
    private final Scope scope = Scope.parse(Session.setting("SCOPE"));
    private URI tokenEndpoint = URI.create(Session.setting("TOKEN_URL"));
    private OIDCProviderMetadata metadata;
    private IDTokenValidator validator;
    private String subject;
    private Tokens tokens;
    private Instant end;

    private void keep(Tokens obtained, RefreshToken old) {
        var refreshToken = obtained.getRefreshToken() == null ? old : obtained.getRefreshToken();
        tokens = new Tokens(obtained.getAccessToken(), refreshToken);
        var left = obtained.getAccessToken().getLifetime();
        end = left == 0 ? null : Instant.now().plusSeconds(left);
    }

    private void obtain() throws Exception {
        if (Session.setting("GRANT").equals("client_credentials")) {
            var request = new TokenRequest.Builder(tokenEndpoint, clientAuth, new ClientCredentialsGrant()).scope(scope);
            keep(sent(request.build()).toSuccessResponse().getTokens(), null);
        } else {
            signIn();
        }
    }

    private void discover() throws Exception {
        metadata = OIDCProviderMetadata.resolve(new Issuer(Session.setting("ISSUER")), PATIENCE, PATIENCE);
        tokenEndpoint = metadata.getTokenEndpointURI();
        validator = new IDTokenValidator(
                metadata.getIssuer(), clientId, JWSAlgorithm.RS256, metadata.getJWKSetURI().toURL());
    }

    private void signIn() throws Exception {
        if (OPENID && metadata == null) {
            discover();
        }
        var redirectUri = URI.create(Session.setting("REDIRECT_URI"));
        var state = new State();
        var nonce = new Nonce();
        // Panopto refuses a code_verifier from a client with a secret
        var verifier = Session.setting("PROVIDER").equals("panopto") ? null : new CodeVerifier();
        var response = AuthorizationResponse.parse(SigningIn.callbackOf(asked(redirectUri, state, nonce, verifier)));
        if (!state.equals(response.getState())) {
            throw new IOException("the callback is not of this sign-in");
        }
        if (!response.indicatesSuccess()) {
            throw new IOException("the sign-in ended with " + response.toErrorResponse().getErrorObject().getCode());
        }
        AuthorizationCode code = response.toSuccessResponse().getAuthorizationCode();
        var grant = new AuthorizationCodeGrant(code, redirectUri, verifier);
        var success = sent(new TokenRequest.Builder(tokenEndpoint, clientAuth, grant).build()).toSuccessResponse();
        if (OPENID) {
            var idToken = ((OIDCTokenResponse) success).getOIDCTokens().getIDToken();
            subject = validator.validate(idToken, nonce).getSubject().getValue();
        }
        keep(success.getTokens(), null);
    }

    private URI asked(URI redirectUri, State state, Nonce nonce, CodeVerifier verifier) {
        var code = new ResponseType(ResponseType.Value.CODE);
        if (OPENID) {
            var request = new AuthenticationRequest.Builder(code, scope, clientId, redirectUri)
                    .endpointURI(metadata.getAuthorizationEndpointURI())
                    .state(state)
                    .nonce(nonce);
            return (verifier == null ? request : request.codeChallenge(verifier, CodeChallengeMethod.S256))
                    .build()
                    .toURI();
        }
        return new AuthorizationRequest.Builder(code, clientId)
                .endpointURI(URI.create(Session.setting("AUTHORIZE_URL")))
                .redirectionURI(redirectUri)
                .scope(scope)
                .state(state)
                .codeChallenge(verifier, CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    private void renew() throws Exception {
        var refreshToken = tokens.getRefreshToken();
        if (refreshToken == null) {
            obtain();
            return;
        }
        AuthorizationGrant grant = new RefreshTokenGrant(refreshToken);
        var success = sent(new TokenRequest.Builder(tokenEndpoint, clientAuth, grant).build()).toSuccessResponse();
        if (success instanceof OIDCTokenResponse renewed && renewed.getOIDCTokens().getIDToken() != null) {
            var claims = validator.validate(renewed.getOIDCTokens().getIDToken(), null);
            if (!claims.getSubject().getValue().equals(subject)) {
                throw new IOException("the renewed ID token is about somebody else");
            }
        }
        keep(success.getTokens(), refreshToken);
    }

    private static TokenResponse sent(TokenRequest request) throws Exception {
        var response = OIDCTokenResponseParser.parse(patient(request.toHTTPRequest()).send());
        if (!response.indicatesSuccess()) {
            throw new IOException("no token: " + response.toErrorResponse().getErrorObject().getCode());
        }
        return response;
    }

    private static HTTPRequest patient(HTTPRequest request) {
        request.setConnectTimeout(PATIENCE);
        request.setReadTimeout(PATIENCE);
        return request;
    }

    @Override
    public Instant authenticate(boolean fresh) throws Exception {
        if (fresh || tokens == null) {
            obtain();
        }
        return end;
    }

    @Override
    public void callApi() throws Exception {
        if (tokens == null) {
            obtain();
        } else if (end != null && !end.isAfter(Instant.now())) {
            renew();
        }
        var request = patient(new HTTPRequest(HTTPRequest.Method.GET, URI.create(Session.setting("API_URL"))));
        request.setAuthorization(tokens.getAccessToken().toAuthorizationHeader());
        if (Session.setting("PROVIDER").equals("ingest")) {
            request.setAccept("application/vnd.ingest.v1+json");
        }
        HTTPResponse response = request.send();
        if (!response.indicatesSuccess()) {
            throw new IOException("the API answered " + response.getStatusCode());
        }
    }

    public static void main(String[] arguments) throws Exception {
        Session.serve(new Client());
    }
}
