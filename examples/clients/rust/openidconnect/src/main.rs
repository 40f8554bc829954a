//! The crate openidconnect, "Authorization Code Grant w/ PKCE".
//!
//! As its documentation says, the caller compares the state, verifies the ID token by `claims`, and compares the hash
//! of the access token. Keys come with discovery, so each sign-in begins with it. The caller keeps the tokens, and has
//! the ID token of a renewal verified too.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreTokenResponse, CoreTokenType,
};
use openidconnect::reqwest::{self, blocking as http};
use openidconnect::{
    AccessTokenHash, AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, RedirectUrl, RefreshToken, Scope, SubjectIdentifier, TokenResponse,
};
use session::{Client, Outcome, callback_of, serve, setting};
use url::Url;

type Discovered = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

struct Token {
    subject: SubjectIdentifier,
    access: String,
    refresh: Option<RefreshToken>,
    end: Option<SystemTime>,
}

struct Caller {
    client: Option<Discovered>,
    http: http::Client,
    token: Option<Token>,
}

impl Caller {
    fn new() -> Outcome<Self> {
        let patience = Duration::from_secs_f64(setting("TIMEOUT").parse::<f64>()? / 2.0);
        let redirects = reqwest::redirect::Policy::none();
        let http = http::ClientBuilder::new()
            .redirect(redirects)
            .timeout(patience)
            .build()?;
        Ok(Self {
            client: None,
            http,
            token: None,
        })
    }

    fn discovered(&self) -> Outcome<Discovered> {
        let metadata =
            CoreProviderMetadata::discover(&IssuerUrl::new(setting("ISSUER"))?, &self.http)?;
        let secret = ClientSecret::new(setting("CLIENT_SECRET"));
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(setting("CLIENT_ID")),
            Some(secret),
        );
        let redirect = RedirectUrl::new(setting("REDIRECT_URI"))?;
        Ok(client
            .set_redirect_uri(redirect)
            .set_auth_type(AuthType::RequestBody))
    }

    fn keep(
        &mut self,
        answer: &CoreTokenResponse,
        subject: SubjectIdentifier,
        refresh: Option<RefreshToken>,
    ) -> Outcome<()> {
        if *answer.token_type() != CoreTokenType::Bearer {
            return Err("a token of another type than Bearer".into());
        }
        self.token = Some(Token {
            subject,
            access: answer.access_token().secret().clone(),
            refresh: answer.refresh_token().cloned().or(refresh),
            end: answer.expires_in().map(|left| SystemTime::now() + left),
        });
        Ok(())
    }

    fn sign_in(&mut self) -> Outcome<()> {
        let client = self.discovered()?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(
                setting("SCOPE")
                    .split(' ')
                    .filter(|scope| *scope != "openid")
                    .map(|s| Scope::new(s.into())),
            );
        let pkce = setting("PROVIDER") != "panopto"; // it refuses a code_verifier from a client with a secret
        if pkce {
            request = request.set_pkce_challenge(challenge);
        }
        let (auth_url, csrf_token, nonce) = request.url();

        let callback = Url::parse(&callback_of(auth_url.as_str())?)?;
        let sent = |name: &str| {
            callback
                .query_pairs()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        if sent("state").as_ref() != Some(csrf_token.secret()) {
            return Err("the callback is not of this sign-in".into());
        }
        let code = AuthorizationCode::new(sent("code").ok_or("the callback has no code")?);

        let mut exchange = client.exchange_code(code)?;
        if pkce {
            exchange = exchange.set_pkce_verifier(verifier);
        }
        let answer = exchange.request(&self.http)?;
        let subject = verify(&client, &answer, &nonce)?;
        self.client = Some(client);
        self.keep(&answer, subject, None)
    }

    fn renew(&mut self) -> Outcome<()> {
        let (Some(client), Some(token)) = (&self.client, &self.token) else {
            return self.sign_in();
        };
        let Some(refresh) = token.refresh.clone() else {
            return self.sign_in();
        };
        let answer = client
            .exchange_refresh_token(&refresh)?
            .request(&self.http)?;
        let subject = token.subject.clone();
        if let Some(id_token) = answer.id_token() {
            let claims =
                id_token.claims(&client.id_token_verifier(), |_: Option<&Nonce>| Ok(()))?;
            if *claims.subject() != subject {
                return Err("the renewed ID token is about somebody else".into());
            }
        }
        self.keep(&answer, subject, Some(refresh))
    }
}

fn verify(
    client: &Discovered,
    answer: &CoreTokenResponse,
    nonce: &Nonce,
) -> Outcome<SubjectIdentifier> {
    let id_token = answer
        .id_token()
        .ok_or("the server did not return an ID token")?;
    let verifier = client.id_token_verifier();
    let claims = id_token.claims(&verifier, nonce)?;
    if let Some(expected) = claims.access_token_hash() {
        let signing_key = id_token.signing_key(&verifier)?;
        let actual = AccessTokenHash::from_token(
            answer.access_token(),
            id_token.signing_alg()?,
            signing_key,
        )?;
        if actual != *expected {
            return Err("invalid access token".into());
        }
    }
    Ok(claims.subject().clone())
}

impl Client for Caller {
    fn authenticate(&mut self, fresh: bool) -> Outcome<Option<u64>> {
        if fresh || self.token.is_none() {
            self.sign_in()?;
        }
        let end = self.token.as_ref().and_then(|token| token.end);
        Ok(end
            .and_then(|end| end.duration_since(UNIX_EPOCH).ok())
            .map(|since| since.as_secs()))
    }

    fn call_api(&mut self) -> Outcome<()> {
        match &self.token {
            None => self.sign_in()?,
            Some(Token { end: Some(end), .. }) if *end <= SystemTime::now() => self.renew()?,
            Some(_) => {}
        }
        let token = self.token.as_ref().ok_or("there is no token")?;
        let status = self
            .http
            .get(setting("API_URL"))
            .bearer_auth(&token.access)
            .send()?
            .status();
        if status.is_success() {
            Ok(())
        } else {
            Err(format!("the API answered {status}").into())
        }
    }
}

fn main() -> Outcome<()> {
    serve(&mut Caller::new()?)
}
