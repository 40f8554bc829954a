"""social-auth-core, "Adding a new backend" and the generic "OIDC" backend; tokens by "get_access_token".

A framework integration has a strategy and a storage; those of this program keep everything in memory.
"""

from urllib.parse import parse_qsl, urlsplit

import requests
from listening import Listener
from social_core.backends.oauth import BaseOAuth2PKCE
from social_core.backends.open_id_connect import OpenIdConnectAuth
from social_core.storage import AssociationMixin, BaseStorage, NonceMixin, UserMixin
from social_core.strategy import BaseStrategy

HEADERS = {"ingest": {"Accept": "application/vnd.ingest.v1+json"}}
PIPELINE = (
    "social_core.pipeline.social_auth.social_details",
    "social_core.pipeline.social_auth.social_uid",
    "client.associate",
    "social_core.pipeline.social_auth.load_extra_data",
)


class Ingest(BaseOAuth2PKCE):
    """Written as the documentation has it for a provider without discovery."""

    name = "ingest"
    SCOPE_SEPARATOR = ","
    ACCESS_TOKEN_METHOD = "POST"
    REDIRECT_STATE = False
    EXTRA_DATA = [("refresh_token", "refresh_token"), ("expires_in", "expires_in")]

    def authorization_url(self):
        return self.setting("AUTHORIZATION_URL")

    def access_token_url(self):
        return self.setting("ACCESS_TOKEN_URL")

    def get_user_id(self, details, response):
        return "ada"  # the network of whoever signed in; the provider says nothing of the person

    def get_user_details(self, response):
        return {"username": "ada"}


class Account(UserMixin):
    """Whoever is signed in, and the tokens."""

    user = None

    def __init__(self, provider, uid):
        self.provider, self.uid, self.extra_data = provider, uid, {}

    def save(self):
        pass


def associate(backend, uid, *args, **kwargs):
    """The pipeline's step that finds the account."""
    account = Account(backend.name, uid)
    return {"social": account, "user": account}


class Nonces(NonceMixin):
    kept = set()

    @classmethod
    def use(cls, server_url, timestamp, salt):
        cls.kept.add((server_url, timestamp, salt))
        return True

    @classmethod
    def consume(cls, server_url, timestamp, salt):
        found = (server_url, timestamp, salt) in cls.kept
        cls.kept.discard((server_url, timestamp, salt))
        return found


class Associations(AssociationMixin):
    kept = []

    @classmethod
    def store(cls, server_url, association):
        one = cls()
        one.server_url, one.handle, one.id = server_url, association.handle, association.handle
        one.issued, one.lifetime, one.assoc_type = association.issued, association.lifetime, association.assoc_type
        cls.kept.append(one)

    @classmethod
    def get(cls, server_url, handle):
        return [each for each in cls.kept if (each.server_url, each.handle) == (server_url, handle)]

    @classmethod
    def remove(cls, ids_to_delete):
        cls.kept = [each for each in cls.kept if each.id not in ids_to_delete]


class Storage(BaseStorage):
    user, nonce, association = Account, Nonces, Associations


class Strategy(BaseStrategy):
    def __init__(self, settings):
        super().__init__(Storage)
        self.settings, self.session, self.data = settings, {}, {}

    def get_setting(self, name):
        return self.settings[name]

    def request_data(self, merge=True):
        return self.data

    def build_absolute_uri(self, path=None):
        return path

    def session_get(self, name, default=None):
        return self.session.get(name, default)

    def session_set(self, name, value):
        self.session[name] = value

    def session_pop(self, name):
        return self.session.pop(name, None)

    def get_pipeline(self, backend=None):
        return PIPELINE

    def get_backend(self, name, redirect_uri=None, *args, **kwargs):
        return (Ingest if name == "ingest" else OpenIdConnectAuth)(self, redirect_uri)

    def authenticate(self, backend, *args, **kwargs):
        kwargs |= {"strategy": self, "storage": self.storage, "backend": backend, "args": args}
        return backend.authenticate(*args, **kwargs)


class Client:
    def __init__(self, context):
        self.context = context
        self.name = "ingest" if context["provider"] == "ingest" else "oidc"
        self.strategy = Strategy(
            {
                f"SOCIAL_AUTH_{self.name.upper()}_KEY": context["client_id"],
                f"SOCIAL_AUTH_{self.name.upper()}_SECRET": context["client_secret"],
                "SOCIAL_AUTH_OIDC_OIDC_ENDPOINT": context.get("issuer"),
                "SOCIAL_AUTH_OIDC_USE_PKCE": context["provider"] != "panopto",  # it refuses one beside a secret
                "SOCIAL_AUTH_INGEST_AUTHORIZATION_URL": context["authorize_url"],
                "SOCIAL_AUTH_INGEST_ACCESS_TOKEN_URL": context["token_url"],
                "SOCIAL_AUTH_IGNORE_DEFAULT_SCOPE": True,
                "SOCIAL_AUTH_SCOPE": context["scopes"],
                "SOCIAL_AUTH_EXTRA_DATA": ["expires_in"],
                "SOCIAL_AUTH_REQUESTS_TIMEOUT": context["timeout"] / 2,
            }
        )
        self.account = None

    def authenticate(self, fresh=False, **_):
        if fresh or self.account is None:
            self.sign_in()

    def sign_in(self):
        redirect_uri = self.context["redirect_uri"]
        backend = self.strategy.get_backend(self.name, redirect_uri)
        with Listener(redirect_uri) as listener:
            self.context["visit"](backend.auth_url())
            callback = listener.wait(self.context["timeout"] / 2)
        self.strategy.data = dict(parse_qsl(urlsplit(callback).query, keep_blank_values=True))
        self.account = self.strategy.get_backend(self.name, redirect_uri).complete()

    def call_api(self, times=1, parallel=False):
        if self.account is None:
            self.sign_in()
        for _ in range(times):
            token = self.account.get_access_token(self.strategy)
            headers = HEADERS.get(self.context["provider"], {}) | {"Authorization": f"Bearer {token}"}
            requests.get(self.context["api_url"], headers=headers, timeout=10).raise_for_status()
