"""The redirect back to the client says something else, or says it in the fragment."""

from dataclasses import dataclass, field, replace
from typing import ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sparring.mocks.engine.messages import Answer, Params
from sparring.mocks.faults.schema import Effect, Place

_PARAMETERS = frozenset({"code", "error", "error_description", "error_uri", "iss", "session_state", "state"})
"""What an authorization response consists of (RFC 6749 sections 4.1.2 and 4.1.2.1, RFC 9207, OpenID Connect Session
Management 2); whatever else stands in the query is the redirect URI's own."""


@dataclass(frozen=True)
class AuthorizationResponse(Effect):
    """Parameters of the authorization response (RFC 6749 section 4.1.2) are set, dropped or sent twice.

    ``repeat``: parameters that stand there once more, with that value. ``append``: what is written after the value that
    the provider has given. ``shout``: addresses whose scheme and host are written in capitals. ``in_fragment``: what
    goes to the client stands after ``#`` instead of ``?``, where no server sees it.
    """

    kind: ClassVar[str] = "authorization-response"
    place: ClassVar[Place] = Place.ANSWER
    point: ClassVar[str] = "authorization-response"

    set: dict[str, str] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)
    repeat: dict[str, str] = field(default_factory=dict)
    append: dict[str, str] = field(default_factory=dict)
    shout: list[str] = field(default_factory=list)
    in_fragment: bool = False

    @property
    def words(self) -> bool:
        """Whether it changes what the parameters say, and not only where they stand."""
        return bool(self.set or self.drop or self.repeat or self.append or self.shout)

    def alter(self, params: Params) -> Params:
        """The parameters that go out instead."""
        kept = [(name, self._said(name, value)) for name, value in params if name not in self.drop]
        known = {name for name, _ in kept}
        added = [(name, self._said(name, value)) for name, value in self.set.items() if name not in known]
        return kept + added + list(self.repeat.items())

    def _said(self, name: str, value: str) -> str:
        said = self.set.get(name, value) + self.append.get(name, "")
        if name not in self.shout:
            return said
        parts = urlsplit(said)
        return said.replace(f"{parts.scheme}://{parts.netloc}", f"{parts.scheme}://{parts.netloc}".upper(), 1)

    def answer(self, given: Answer) -> Answer:
        """The redirect, with the response moved to the fragment if so wished; any other answer as it is."""
        location = given.header("location")
        if not self.in_fragment or location is None:
            return given
        parts = urlsplit(location)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        moving = [pair for pair in pairs if pair[0] in _PARAMETERS or pair[0] in {*self.set, *self.repeat}]
        if not moving:
            return given
        staying = urlencode([pair for pair in pairs if pair not in moving])
        target = urlunsplit(parts._replace(query=staying, fragment=urlencode(moving)))
        headers = tuple((name, target if name.lower() == "location" else value) for name, value in given.headers)
        return replace(given, headers=headers)
