"""A member's own copy: everything of theirs, nothing of anybody else's, with the password, a few times a day."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import NotAllowed
from models.audit import AuditRecord
from services.privacy import export
from services.privacy.refusals import TooManyCopies
from tests.conftest import World
from tests.privacy.story import ACCOUNT, NIK, person, sure


def text_of(copy: export.Copy) -> str:
    return json.dumps(copy.as_json(), ensure_ascii=False)


def test_the_copy_holds_the_member_s_own_things_in_full(any_world: World, tmp_path: Path) -> None:
    dewi = person(any_world, tmp_path)
    any_world.member("Joko Rahasia")
    with any_world.transaction(dewi) as session:
        copy = export.make(session, dewi, confirmed=sure(dewi))
    rows = {part.source.name: part.rows for part in copy.parts}
    assert (rows["members"][0]["nik"], rows["members"][0]["bank_account"]) == (NIK, ACCOUNT)
    assert rows["savings_movements"][0]["amount_rp"] == 500_000
    assert rows["loans"][0]["purpose"] == "Obat ibu"
    assert [row["label"] for row in rows["loan_documents"]] == ["Slip gaji"]
    assert rows["consents"][0]["purpose"] == "akun"
    assert rows["users"][0]["username"] == "dewi.l"
    assert {row["action"] for row in rows["audit_records"]} >= {"members.apply", "members.approve", "privacy.copy"}
    assert "Joko" not in text_of(copy)
    assert "scrypt" not in text_of(copy)


def test_the_neighbour_s_member_of_the_same_number_is_not_in_it(any_world: World, tmp_path: Path) -> None:
    dewi = person(any_world, tmp_path)
    person(any_world, tmp_path, people=any_world.other_actors, user=False)
    with any_world.transaction(dewi) as session:
        copy = export.make(session, dewi, confirmed=sure(dewi))
    rows = {part.source.name: part.rows for part in copy.parts}
    assert [len(rows[name]) for name in ("members", "savings_movements", "loans", "receipts")] == [1, 1, 1, 1]


def test_nobody_takes_the_copy_of_another(world: World, tmp_path: Path) -> None:
    dewi, joko = person(world, tmp_path), world.member("Joko")
    for who in (world.ketua, replace(dewi, member_id=None), replace(world.ketua, member_id=joko)):
        with pytest.raises(NotAllowed), world.transaction(who) as session:
            export.make(session, who, confirmed=sure(who))
    with pytest.raises(NotAllowed), world.transaction(dewi) as session:
        export.make(session, dewi, confirmed=sure(world.ketua))


def test_a_few_copies_a_day_each_on_the_record(world: World, tmp_path: Path) -> None:
    dewi = person(world, tmp_path)
    for _ in range(export.MOST):
        with world.transaction(dewi) as session:
            export.make(session, dewi, confirmed=sure(dewi))
    with pytest.raises(TooManyCopies), world.transaction(dewi) as session:
        export.make(session, dewi, confirmed=sure(dewi))
    with world.reading() as session:
        assert session.query(AuditRecord).filter(AuditRecord.action == "privacy.copy").count() == export.MOST
