"""Secrets in all their forms (LANGUAGE 6.7)."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runner.events.controls import strip_controls
from runner.events.lines import LineSplitter
from runner.events.masking import MASK, Masker

SECRET = 'p&ss "w<rd"\'s + /päs%'
FORMS = {
    "as it is": SECRET,
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 without its first byte": base64.b64encode(SECRET.encode()[1:]).decode(),
    "base64 without its first two bytes": base64.b64encode(SECRET.encode()[2:]).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(SECRET.encode()).decode(),
    "JSON": json.dumps(SECRET)[1:-1],
    "JSON in UTF-8": json.dumps(SECRET, ensure_ascii=False)[1:-1],
    "URI": quote(SECRET, safe=""),
    "XML": escape(SECRET, {'"': "&quot;", "'": "&apos;"}),
    "XML text": escape(SECRET),
    "XML attribute": escape(SECRET, {'"': "&quot;"}),
    "HTML of Python": html.escape(SECRET),
    "HTML of Go": escape(SECRET, {'"': "&#34;", "'": "&#39;"}),
    "JSON of Go": json.dumps(SECRET).translate({38: "\\u0026", 60: "\\u003c"})[1:-1],
    "JSON of PHP": json.dumps(SECRET)[1:-1].replace("/", "\\/"),
    "path": quote(SECRET),
    "form": quote_plus(SECRET),
    "URI component of JavaScript": quote(SECRET, safe="!'()*"),
    "URI of JavaScript": quote(SECRET, safe=";,/?:@&=+$#!'()*"),
    "workflow command": SECRET.replace("%", "%25"),
    "doubled quotes": SECRET.replace("'", "''"),
    "backslash before quotes": SECRET.replace('"', '\\"'),
    "shell trace": SECRET.replace("'", "'\\''"),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_usual_encodings_are_masked(form: str) -> None:
    """A secret that a usual tool has encoded or quoted is a secret still."""
    assert Masker([SECRET]).mask(f"<{form}>") == f"<{MASK}>"


@pytest.mark.parametrize("width", [64, 76])
def test_6_7_base64_broken_into_lines_is_masked(width: int) -> None:
    """§6.7: a long secret is masked also as `base64` prints it, line by line."""
    secret = "".join(f"key {number};" for number in range(60))
    encoded = base64.b64encode(secret.encode()).decode()
    lines = [encoded[at : at + width] for at in range(0, len(encoded), width)]
    assert Masker([secret]).mask_lines(lines) == [MASK] * len(lines)


def test_a_quoted_secret_is_masked_without_its_quotes() -> None:
    """Who unquotes a quoted value still shows a secret."""
    assert Masker(['"quoted value"']).mask("it is quoted value") == f"it is {MASK}"


def test_a_secret_is_trimmed() -> None:
    """White space around a secret, such as a last newline, is not part of it."""
    assert Masker(["  token\n"]).mask("atokenb") == f"a{MASK}b"


def test_each_line_of_a_secret_is_masked() -> None:
    """The lines of a key are masked one by one, and as one where they touch."""
    masker = Masker(["first line\n\n  second line\r\nthird"])
    assert masker.mask("second line") == MASK
    assert masker.mask("third") == MASK
    assert masker.mask("first line, then second line") == f"{MASK}, then {MASK}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abcdef", MASK),
        ("abcabc", MASK),
        ("abc-cdef", f"{MASK}-{MASK}"),
        ("ABC", "ABC"),
        ("ab cd", "ab cd"),
    ],
)
def test_hits_that_overlap_or_touch_merge(text: str, expected: str) -> None:
    """One run of secret characters is one mask; case counts."""
    assert Masker(["abc", "cdef"]).mask(text) == expected


def test_one_character_is_a_secret_too() -> None:
    """There is no shortest secret."""
    assert Masker(["x"]).mask("axxb") == f"a{MASK}b"


@pytest.mark.parametrize("secret", ["", "  ", "\n\r\n"])
def test_an_empty_secret_masks_nothing(secret: str) -> None:
    """Nothing registered means nothing changed."""
    assert Masker([secret]).mask("text with  blanks") == "text with  blanks"


def test_a_secret_is_masked_from_its_registration_on() -> None:
    """What was asked about before stays as it was."""
    masker = Masker()
    assert masker.mask("later") == "later"
    masker.add("later")
    assert masker.mask("later") == MASK


def test_a_coloured_secret_is_masked() -> None:
    """Colours within a secret do not hide it from the mask, as they do not from a reader."""
    masker = Masker(["hunter2"])
    assert masker.mask("a \x1b[1mhun\x1b[0mter2 b") == f"a {MASK} b"
    assert masker.mask("a \x1b[1mhunter2\x1b[0m b") == f"a \x1b[1m{MASK}\x1b[0m b"


@given(st.text(min_size=1), st.text(), st.text())
def test_a_secret_never_comes_through(secret: str, before: str, after: str) -> None:
    """Whatever stands around a secret, it is not in the result."""
    assume("*" not in secret and secret.strip())
    masked = Masker([secret]).mask(before + secret + after)
    assert secret.strip() not in masked
    assert secret.strip() not in strip_controls(masked)


@given(st.binary(max_size=9), st.text(min_size=3, max_size=200), st.binary(max_size=9))
def test_a_secret_within_encoded_text_is_masked(before: bytes, secret: str, after: bytes) -> None:
    """Base64 of a text that holds a secret shows at most the characters at its edges."""
    secret = secret.strip()
    data = secret.encode()
    assume(len(data) >= 6)
    encoded = base64.b64encode(before + data + after).decode()
    start, stop = (8 * len(before) + 5) // 6, 8 * (len(before) + len(data)) // 6
    masked = Masker([secret]).mask(encoded)
    assert encoded[start:stop] not in masked
    assert MASK in masked


@st.composite
def chunks(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """Cut `data` anywhere, within characters too."""
    places = sorted(draw(st.lists(st.integers(0, len(data)), max_size=6)))
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]


@given(
    st.data(),
    st.text(alphabet=st.characters(exclude_characters="*\r\n", codec="utf-8"), min_size=1),
    st.text(),
    st.integers(0, 300),
)
def test_a_secret_split_over_writes_is_masked(
    data: st.DataObject, secret: str, around: str, padding: int
) -> None:
    """However a text is cut into chunks, and a long line into pieces, no secret comes through."""
    secret = secret.strip()
    assume(secret)
    masker = Masker([secret])
    splitter = LineSplitter(masker, limit=max(100, len(secret)))
    text = f"{around}{'.' * padding}{secret}{around}{secret}"
    lines: list[str] = []
    for chunk in data.draw(chunks(text.encode())):
        lines += splitter.feed(chunk)
    lines += splitter.close()
    shown = masker.mask_lines(lines)
    assert [masker.mask(line) for line in lines] == shown
    assert not [line for line in shown if secret in line]
    assert secret not in "".join(shown)
