"""What a phone downloads and reads: weight, language, no strangers' hosts, and no barrier that a machine can find."""

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "admin_panel" / "static" / "ekopz"
ENGLISH = re.compile(
    r"\b(Show|List|Add|Edit|Delete|Search|Save|Back|Actions|Record|Page|Next|Previous|Welcome|Logout|Login|Username"
    r"|Password|Sign In|Are you sure|not found|invalid|required|error|None|True|False|deposit|withdrawal|pending)\b"
)


def text_of(html: str) -> str:
    body = re.sub(r"(?s)<(head|script|style|svg).*?</\1>", " ", html)
    return re.sub(r"<[^>]+>", " ", body)


def test_our_own_css_stays_small():
    assert len(gzip.compress((STATIC / "kopmin.css").read_bytes())) <= 8 * 1024
    assert len(gzip.compress((STATIC / "kopmin.js").read_bytes())) <= 4 * 1024


def test_every_page_stays_light(walked):
    files = sum(len(gzip.compress(f.read_bytes())) for f in STATIC.iterdir() if f.is_file())  # no tours
    seen = 0
    for rule, html in walked.pages("ketua"):
        assets = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
        assert len(html.encode()) + files <= 120 * 1024, rule
        assert len(set(assets)) + 1 <= 12, rule
        seen += 1
    assert seen > 30


def test_no_page_calls_on_a_stranger(walked):
    for rule, html in walked.pages("ketua"):
        calls = re.findall(r'(?:src|href|action)="(https?:[^"]+)"', html)
        assert [url for url in calls if not url.startswith("https://wa.me/")] == [], rule


@pytest.mark.parametrize("role", ["ketua", "bendahara", "operator_platform"])
def test_every_page_says_it_is_indonesian_and_is(walked, role):
    for rule, html in walked.pages(role):
        assert '<html lang="id"' in html, rule
        assert ENGLISH.findall(text_of(html)) == [], rule


def test_amounts_are_written_as_people_write_them(walked):
    for rule, html in walked.pages("bendahara"):
        assert re.findall(r"Rp\s?\d{4,}", text_of(html)) == [], rule


def test_every_field_has_its_label(walked):
    for rule, html in walked.pages("bendahara"):
        for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", html):
            if 'type="hidden"' in field or 'type="checkbox"' in field:
                continue
            found = re.search(r'id="([^"]+)"', field)
            assert found, f"{rule}: {field}"
            assert f'for="{found[1]}"' in html, f"{rule}: {field}"


def test_a_file_that_changes_gets_a_new_address_and_is_kept_for_ever(panel):
    html = panel.anyone().get("/masuk").text
    for asset in re.findall(r'"(/static/[^"]+)"', html):
        answer = panel.anyone().get(asset, headers={"Accept-Encoding": "gzip"})
        assert "immutable" in answer.headers["Cache-Control"]
        assert "v=" in asset


def test_pages_travel_compressed(panel):
    answer = panel.as_("ketua").get("/kopmin/bagan-akun/list/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 12 * 1024


def test_nothing_runs_that_is_not_ours(panel):
    policy = panel.as_("ketua").get("/kopmin/").headers["Content-Security-Policy"]
    assert "script-src 'self' 'nonce-" in policy
    assert "unsafe-eval" not in policy


def test_large_letters_are_remembered(panel):
    browser = panel.as_("ketua")
    browser.get("/kopmin/teks/besar?next=/kopmin/")
    assert "teks-besar" in browser.get("/kopmin/").text
    assert browser.get("/kopmin/teks/besar?next=//evil.id").location == "/"
