"""Two cooperatives side by side: no page, form or id of one shows or changes anything of the other."""

import pytest

from tests.admin_panel.conftest import fingerprint
from tests.admin_panel.routes import address, panel_routes

CANARY = "TETANGGA"
ROLES = ("petugas", "bendahara", "sekretaris", "ketua", "pengawas")


@pytest.mark.parametrize("role", ROLES)
def test_the_neighbour_is_nowhere_to_be_seen(walked, role):
    assert [rule for rule, page in walked(role).items() if CANARY in page.text] == []


@pytest.mark.parametrize("role", ["petugas", "bendahara"])  # tests/journeys asks the same of who may do everything
def test_an_id_of_the_neighbour_is_simply_not_there(peopled, role):
    browser, theirs = peopled.as_(role), peopled.world.other.id
    for rule in panel_routes(peopled.app, "GET"):
        if not any(name.endswith(("_id", "pk")) for name in rule.arguments):
            continue
        answer = browser.get(address(peopled, rule, theirs))
        assert answer.status_code in {403, 404}, rule.rule
        assert CANARY.encode() not in answer.data, rule.rule


@pytest.mark.parametrize("role", ["petugas", "bendahara"])
def test_no_form_reaches_over_the_fence(peopled, role):
    browser, theirs, before = peopled.as_(role), peopled.world.other.id, fingerprint(peopled)
    data = {"answer": "setuju", "reason": "uji", "action": "none", "rowid": "1", "kertas": "a6", "amount_rp": "1000"}
    for rule in panel_routes(peopled.app, "POST"):
        if not any(name.endswith(("_id", "pk", "seq")) for name in rule.arguments):
            continue
        if "seq" in rule.arguments:  # counted in each cooperative apart: the same number is one's own entry
            continue
        answer = browser.post(address(peopled, rule, theirs), data)
        assert answer.status_code in {302, 403, 404, 405}, rule.rule
        if answer.status_code == 302:
            assert "tidak ditemukan" in browser.get(answer.location).text, rule.rule
    assert fingerprint(peopled) == before


def test_a_filter_does_not_ask_about_the_neighbour(peopled):
    browser = peopled.as_("ketua")
    for address_ in ("/kopmin/anggota/list/?cari=TETANGGA", "/kopmin/rekening-simpanan/list/?cari=Rahasia"):
        assert "Tidak ada yang cocok" in browser.get(address_).text


@pytest.mark.parametrize(
    "guess", ["_flt_0_nik_index=x", "_flt_2_nik_masked=3201", "_flt_0_coop_id=2", "_flt_0_card_token=a"]
)
def test_hidden_columns_cannot_be_asked_about(peopled, guess):
    plain = peopled.as_("ketua").get("/kopmin/anggota/list/").text
    assert peopled.as_("ketua").get(f"/kopmin/anggota/list/?{guess}").text.count("<tr>") == plain.count("<tr>")


def test_the_number_of_an_id_card_is_masked_everywhere(walked):
    assert [rule for rule, page in walked("pengawas").items() if "3201010101010001" in page.text] == []
