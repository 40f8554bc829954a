//! The crate oauth2, "Authorization Code Grant (with PKCE)" and "Client Credentials Grant".
//!
//! As its documentation says, the caller compares the state, looks at the type of the token, and keeps the tokens.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use oauth2::basic::{BasicClient, BasicTokenResponse, BasicTokenType};
use oauth2::reqwest::blocking as http;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, PkceCodeChallenge, RedirectUrl, RefreshToken, Scope, TokenResponse, TokenUrl,
};
use session::{Client, Outcome, callback_of, serve, setting};
use url::Url;

type Configured =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

struct Token {
    access: String,
    refresh: Option<RefreshToken>,
    end: Option<SystemTime>,
}

struct Caller {
    client: Configured,
    http: http::Client,
    token: Option<Token>,
}

impl Caller {
    fn new() -> Outcome<Self> {
        let client = BasicClient::new(ClientId::new(setting("CLIENT_ID")))
            .set_client_secret(ClientSecret::new(setting("CLIENT_SECRET")))
            .set_token_uri(TokenUrl::new(setting("TOKEN_URL"))?)
            .set_auth_type(AuthType::RequestBody);
        let patience = Duration::from_secs_f64(setting("TIMEOUT").parse::<f64>()? / 2.0);
        let redirects = oauth2::reqwest::redirect::Policy::none();
        let http = http::ClientBuilder::new()
            .redirect(redirects)
            .timeout(patience)
            .build()?;
        Ok(Self {
            client,
            http,
            token: None,
        })
    }

    fn keep(&mut self, answer: BasicTokenResponse, refresh: Option<RefreshToken>) -> Outcome<()> {
        if *answer.token_type() != BasicTokenType::Bearer {
            return Err("a token of another type than Bearer".into());
        }
        self.token = Some(Token {
            access: answer.access_token().secret().clone(),
            refresh: answer.refresh_token().cloned().or(refresh),
            end: answer.expires_in().map(|left| SystemTime::now() + left),
        });
        Ok(())
    }

    fn obtain(&mut self) -> Outcome<()> {
        let answer = if setting("GRANT") == "client_credentials" {
            self.client
                .exchange_client_credentials()
                .add_scope(Scope::new(setting("SCOPE")))
                .request(&self.http)?
        } else {
            self.sign_in()?
        };
        self.keep(answer, None)
    }

    fn sign_in(&self) -> Outcome<BasicTokenResponse> {
        let client = self
            .client
            .clone()
            .set_auth_uri(AuthUrl::new(setting("AUTHORIZE_URL"))?)
            .set_redirect_uri(RedirectUrl::new(setting("REDIRECT_URI"))?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(CsrfToken::new_random)
            .add_scope(Scope::new(setting("SCOPE")));
        let pkce = setting("PROVIDER") != "panopto"; // it refuses a code_verifier from a client with a secret
        if pkce {
            request = request.set_pkce_challenge(challenge);
        }
        let (auth_url, csrf_state) = request.url();

        let callback = Url::parse(&callback_of(auth_url.as_str())?)?;
        let sent = |name: &str| {
            callback
                .query_pairs()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        if sent("state").as_ref() != Some(csrf_state.secret()) {
            return Err("the callback is not of this sign-in".into());
        }
        let code = AuthorizationCode::new(sent("code").ok_or("the callback has no code")?);

        let mut exchange = client.exchange_code(code);
        if pkce {
            exchange = exchange.set_pkce_verifier(verifier);
        }
        Ok(exchange.request(&self.http)?)
    }

    fn renew(&mut self) -> Outcome<()> {
        match self.token.as_ref().and_then(|token| token.refresh.clone()) {
            Some(refresh) => {
                let answer = self
                    .client
                    .exchange_refresh_token(&refresh)
                    .request(&self.http)?;
                self.keep(answer, Some(refresh))
            }
            None => self.obtain(),
        }
    }
}

impl Client for Caller {
    fn authenticate(&mut self, fresh: bool) -> Outcome<Option<u64>> {
        if fresh || self.token.is_none() {
            self.obtain()?;
        }
        let end = self.token.as_ref().and_then(|token| token.end);
        Ok(end
            .and_then(|end| end.duration_since(UNIX_EPOCH).ok())
            .map(|since| since.as_secs()))
    }

    fn call_api(&mut self) -> Outcome<()> {
        match &self.token {
            None => self.obtain()?,
            Some(Token { end: Some(end), .. }) if *end <= SystemTime::now() => self.renew()?,
            Some(_) => {}
        }
        let token = self.token.as_ref().ok_or("there is no token")?;
        let mut request = self.http.get(setting("API_URL")).bearer_auth(&token.access);
        if setting("PROVIDER") == "ingest" {
            request = request.header("Accept", "application/vnd.ingest.v1+json");
        }
        let status = request.send()?.status();
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
