"""Several browsers, several providers: whose callback it is, whose code, and where a person is sent afterwards."""

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Scenario, Setting
from sparring.harness.scenarios.reach import CODE, EVERY_TIME, WITH_LOGIN

_WEB = frozenset({"webapp"})
_HONEST = frozenset({"movingimage"})
_ELSEWHERE = "{decoy}/a-page-of-a-stranger"

SCENARIOS = (
    Scenario(
        id="csrf-cross-session",
        title="The callback arrives in the browser of somebody who has begun no login",
        profile="security",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate"), Do("call_api", user=1)),
        checks=(check("callback-belongs-to-its-browser"),),
        faults=(
            {
                "id": "callback-elsewhere",
                "match": {"endpoint": "response"},
                "effect": {"kind": "callback-elsewhere"},
                "times": 1,
            },
        ),
        drivers=_WEB,
    ),
    Scenario(
        id="callback-open-redirect",
        title="A login is opened with addresses of a stranger to return to",
        profile="security",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate"),),
        checks=(check("nobody-is-sent-to-strangers"),),
        setting=Setting(
            login_query=dict.fromkeys(
                ("next", "return_to", "returnTo", "return_url", "redirect", "redirect_to", "continue", "url"),
                _ELSEWHERE,
            )
        ),
        drivers=_WEB,
    ),
    Scenario(
        id="code-injection",
        title="The callback brings the code of a login that a stranger has begun",
        profile="security",
        providers=frozenset({"movingimage", "panopto"}),
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate"), Do("call_api")),
        checks=(check("injected-code-is-refused"),),
        faults=(
            {
                "id": "code-injected",
                "match": {"endpoint": "response"},
                "effect": {"kind": "code-injected"},
                "times": EVERY_TIME,
            },
        ),
        budget=Budget(token=8, jwks=4),
    ),
    Scenario(
        id="iss-param-correct",
        title="The callback names the issuer, as later Keycloaks have it",
        profile="core",
        providers=_HONEST,
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate"), Do("call_api")),
        checks=(check("right-issuer-is-no-obstacle"),),
        variants={"movingimage": "issuer"},
        budget=Budget(token=8, jwks=4),
    ),
    Scenario(
        id="mixup-two-providers",
        title="A login at one provider, which an attacker runs, is passed on to another",
        profile="security",
        providers=_HONEST,
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate", provider="ingest"),),
        checks=(check("code-stays-with-its-issuer"),),
        faults=(
            {
                "id": "login-diverted",
                "match": {"endpoint": "visit"},
                "effect": {"kind": "login-diverted"},
                "times": EVERY_TIME,
            },
        ),
        needs=frozenset({"providers"}),
        variants={"movingimage": "issuer"},
        setting=Setting(others=("ingest",)),
        drivers=frozenset({"session"}),
        budget=Budget(token=8, jwks=4),
    ),
)
