"""Whom a scenario is for: the providers and grants that several themes share."""

ALL = frozenset({"rotor", "clickview", "movingimage", "panopto", "ingest"})
WITH_LOGIN = frozenset({"movingimage", "panopto", "ingest"})
WITH_ID_TOKEN = frozenset({"movingimage", "panopto"})
WITHOUT_REFRESH_TOKEN = frozenset({"rotor", "clickview", "ingest"})
"""Those that issue none for client credentials."""

CODE = frozenset({"authorization_code"})
CLIENT = frozenset({"client_credentials"})
ANY = CODE | CLIENT

EVERY_TIME = 20
"""How often a fault happens that shall happen whenever it can; a client that meets it more often is in a loop."""
