"""Sign-in and consent for a provider whose own pages are not what is tested: plain forms, all by common practice."""

from dataclasses import dataclass

from sparring.mocks.engine import sessions, users
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, first, html_answer, redirect_answer
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.pages.render import Look, consent_page, error_page, sign_in_page

_STALE = "This form was sent before, or belongs to another request."


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person who is signed in (``subject``) said."""

    subject: str
    approved: bool


class UsualLogin:
    """The pages of that provider's authorization endpoint, which all its forms go back to.

    Its ``rules`` are ``PROVIDER/authorize/`` with ``sign-in``, ``sign-in-wrong``, ``signed-in``, ``consent`` and
    ``form-stale``.
    """

    def __init__(self, provider: str, look: Look) -> None:
        self._look = look
        self._cookie = f"{provider}_session"
        self._sign_in = self._rule(provider, "sign-in")
        self._wrong = self._rule(provider, "sign-in-wrong", "Use a name and password from the list that serve prints.")
        self._signed_in = self._rule(provider, "signed-in")
        self._consent = self._rule(provider, "consent")
        self._stale = self._rule(provider, "form-stale", "Open the authorization URL again.")
        self.rules = (self._sign_in, self._wrong, self._signed_in, self._consent, self._stale)

    @staticmethod
    def _rule(provider: str, name: str, mend: str = "") -> Rule:
        return Rule(f"{provider}/authorize/{name}", Mark.ASSUMED, "common practice", mend)

    def endpoint(self, request: Request) -> str:
        """Which step a request to the authorization endpoint is: ``authorize``, ``login`` or ``consent``."""
        names = {name for name, _ in request.form_params} if request.method == "POST" else set()
        if "decision" in names:
            return "consent"
        return "login" if self._look.password in names else "authorize"

    async def ask(self, desk: Desk, request: Request, client: Client, scopes: tuple[str, ...]) -> Answer | Decision:
        """The next page, or what the person decided in the end. The request must have been found good before."""
        here = f"{request.path}?{request.query}"
        step = self.endpoint(request)
        request.facts.client = client.client_id
        if step == "login":
            return await self._signing_in(desk, request, here)
        session = await sessions.find_session(desk, request.cookie(self._cookie))
        people = await desk.store.every(users.User)
        person = next((user for user in people if session is not None and user.subject == session.subject), None)
        if session is None or person is None:
            return html_answer(self._sign_in, sign_in_page(self._look, here, people=people))
        request.facts.user = person.subject
        if step == "consent":
            if await sessions.accept_ticket(desk, session, first(request.form_params, "ticket"), here):
                return Decision(person.subject, first(request.form_params, "decision") == "approve")
            return self.error(self._stale, _STALE)
        ticket = await sessions.hand_out_ticket(desk, session, here)
        page = consent_page(self._look, here, app=client.name, person=person.name, scopes=scopes, ticket=ticket)
        return html_answer(self._consent, page)

    async def _signing_in(self, desk: Desk, request: Request, here: str) -> Answer:
        name = first(request.form_params, self._look.username) or ""
        user = await desk.store.get(users.User, name)
        if user is None or not users.password_matches(user, first(request.form_params, self._look.password) or ""):
            people, problem = await desk.store.every(users.User), "Name and password do not match."
            page = sign_in_page(self._look, here, problem=problem, username=name, people=people)
            return html_answer(self._wrong, page)
        session = await sessions.start_session(desk, user.subject)
        request.facts.user = user.subject
        secure = "; Secure" if request.scheme == "https" else ""
        cookie = f"{self._cookie}={session.id}; Path=/; HttpOnly; SameSite=Lax{secure}"
        return redirect_answer(self._signed_in, here, ("Set-Cookie", cookie))

    def error(self, rule: Rule, words: str) -> Answer:
        """A page for the person, where there is no address that the answer may safely go to."""
        page = error_page(self._look, heading="Authorization failed", words=words, rule=rule)
        return html_answer(rule, page, status=400)
