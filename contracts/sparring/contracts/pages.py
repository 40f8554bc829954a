"""What a person sees of a page: its title and words, and its forms with what can be filled in and pressed."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser

_CHECKABLE = frozenset({"checkbox", "radio"})
_PRESSABLE = frozenset({"submit", "image"})
_IGNORED = frozenset({"button", "reset", "file"})
_UNSEEN = frozenset({"title", "script", "style", "template"})
_OPEN_COMMENTS = 100
"""As many are left to html.parser, which looks for the end of the page from each of them anew."""
_TAG = re.compile("<[A-Za-z/!?]")
_INLINE = frozenset({"a", "abbr", "b", "code", "em", "i", "small", "span", "strong", "u"})


@dataclass(slots=True)
class Button:
    """Something to press; without a name it adds nothing to the form."""

    name: str
    value: str


@dataclass(slots=True)
class Form:
    """One form. ``kind`` is its data-sparring mark; ``hints`` lead from a field's autocomplete to its name."""

    kind: str = ""
    id: str = ""
    name: str = ""
    action: str = ""
    method: str = "GET"
    fields: list[tuple[str, str]] = field(default_factory=list)
    hints: dict[str, str] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def filled(self, answers: dict[str, str], pressed: Button | None) -> list[tuple[str, str]]:
        """The fields as they are sent, with the answers in place of what stood there."""
        names = {self.hints[hint]: answer for hint, answer in answers.items() if hint in self.hints}
        sent = [(name, names.get(name, value)) for name, value in self.fields]
        return [*sent, (pressed.name, pressed.value)] if pressed is not None and pressed.name else sent

    def button(self, name: str, value: str) -> Button | None:
        """The button of that name and value."""
        return next((button for button in self.buttons if (button.name, button.value) == (name, value)), None)


@dataclass(slots=True)
class Page:
    """A page as it was read. ``text`` is what is visible of its body, with whitespace folded."""

    title: str = ""
    forms: list[Form] = field(default_factory=list)
    text: str = ""

    def form(self, kind: str) -> Form | None:
        """The form with that mark."""
        return next((form for form in self.forms if form.kind == kind), None)

    def form_named(self, name: str) -> Form | None:
        """The form with that mark, id or name."""
        return next((form for form in self.forms if name in {form.kind, form.id, form.name}), None)


def read_page(text: str) -> Page:
    """Read a page, however broken its HTML."""
    reader = _Reader()
    with suppress(AssertionError):  # html.parser gives up so on `<![<`; what came before it was read
        reader.feed(_whole(text))
        reader.close()
    heading = reader.title.strip() or reader.heading.strip()
    text = " ".join("".join(reader.words).split())
    return Page(title=" ".join(heading.split())[:200], forms=reader.forms, text=text)


def _whole(text: str) -> str:
    """Without a tag, or many comments, that no end follows: they and what is behind them are nobody's to see."""
    comment = text.find("<!--", text.rfind("-->") + 1)
    if text.count("<!--", comment) > _OPEN_COMMENTS:
        text = text[:comment]
    tag = _TAG.search(text, text.rfind(">") + 1)
    return text if tag is None else text[: tag.start()]


class _Reader(HTMLParser):
    """Collects titles, words and forms."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.title = ""
        self.heading = ""
        self.words: list[str] = []
        self._form: Form | None = None
        self._unseen = 0
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag not in _INLINE:
            self.words.append(" ")
        if tag in {"title", "h1"}:
            self._inside = tag
        elif tag == "form":
            method = (given.get("method") or "get").upper()
            self._form = Form(
                kind=given.get("data-sparring", ""),
                id=given.get("id", ""),
                name=given.get("name", ""),
                action=given.get("action", ""),
                method=method,
            )
            self.forms.append(self._form)
        elif self._form is not None and "disabled" not in given:
            self._control(self._form, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag not in _INLINE:
            self.words.append(" ")
        if tag == "form":
            self._form = None
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data)
        if self._inside == "title":
            self.title += data
        elif self._inside == "h1":
            self.heading += data

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "").lower()
        if (tag == "button" and kind in {"", "submit"}) or (tag == "input" and kind in _PRESSABLE):
            form.buttons.append(Button(name, given.get("value", "")))
        elif tag == "input" and name and kind not in _IGNORED:
            if kind in _CHECKABLE and "checked" not in given:
                return
            form.fields.append((name, given.get("value", "on" if kind in _CHECKABLE else "")))
            for hint in given.get("autocomplete", "").split():
                form.hints.setdefault(hint, name)
