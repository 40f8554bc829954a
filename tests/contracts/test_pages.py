"""What a person sees of a page, and what is read of its forms."""

# ruff: noqa: D103, E501 - the names are sentences, the tables wide

from sparring.contracts.pages import Button, read_page

PAGE = """<html><head><title> Sign
in </title><style>p { color: red }</style><script>var hidden = "<p>no</p>"</script></head>
<body><h1>Welcome</h1><p>Say <b>who</b>ever you are,<br>ä&amp;ö</p><template>unseen</template>
<form id="f1" name="login" data-sparring="sign-in" action="/in" method="post">
<input name="user" autocomplete="username" value="ada"><input name="off" disabled value="x"><input type="checkbox" name="c">
<input type="checkbox" name="d" checked><input type="submit" name="go" value="Go"><button>Nameless</button></form>
<form action="search"><input name="q"></form>"""


def test_words_are_those_that_can_be_seen() -> None:
    page = read_page(PAGE)
    assert page.title == "Sign in"
    assert page.text == "Welcome Say whoever you are, ä&ö Nameless"


def test_a_form_is_found_by_mark_id_or_name() -> None:
    page = read_page(PAGE)
    first = page.forms[0]
    assert [page.form_named(name) for name in ("sign-in", "f1", "login", "q")] == [first, first, first, None]
    assert page.form("sign-in") is first
    assert (first.method, first.action, page.forms[1].method) == ("POST", "/in", "GET")
    assert first.fields == [("user", "ada"), ("d", "on")]
    assert first.buttons == [Button("go", "Go"), Button("", "")]
    assert first.filled({"username": "bob"}, first.buttons[0]) == [("user", "bob"), ("d", "on"), ("go", "Go")]
    assert page.form_named("") is page.forms[1]


def test_broken_html_is_read_as_far_as_it_goes() -> None:
    assert read_page("<h1>Oh").title == "Oh"
    assert read_page("<form><input name=a").forms[0].fields == []
    assert read_page("").text == ""


def test_what_has_no_end_hides_what_follows_it() -> None:
    assert read_page("<p>1 < 2, and <input name='a'").text == "1 < 2, and"
    assert read_page(f"<p>seen{'<!--' * 200}<b>unseen</b>").text == "seen"
    assert read_page(f"<p>seen{'<!-- no -->' * 200}<b>too</b>").text == "seentoo"
