"""One list says where a person's data lie: no table that names people is forgotten."""

import re

from models.base import Base
from services.privacy.sources import LEFT_OUT, SOURCES
from services.privacy.words import CODED, COLUMNS

NAMES_PEOPLE = {
    "member_id",
    "user_id",
    "buyer_id",
    "opened_by",
    "asked_by",
    "owner",
    "to_address",
    "author_id",
    "cashier_id",
}
SECRET = re.compile(r"token|hash|cipher|digest|_index|stored_as|public_key|credential|proof_file|coop_id$")
EXPORTED = {source.name for source in SOURCES}
BEYOND_A_MEMBER = {"platform_mails"}  # to people of no cooperative


def test_every_table_that_names_people_is_exported_or_left_out_with_the_reason() -> None:
    naming = {table.name for table in Base.metadata.tables.values() if NAMES_PEOPLE & set(table.columns.keys())}
    assert naming - EXPORTED - LEFT_OUT.keys() == BEYOND_A_MEMBER
    assert not EXPORTED & LEFT_OUT.keys()
    assert LEFT_OUT.keys() <= set(Base.metadata.tables)
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())


def test_no_secret_is_taken_home() -> None:
    for source in SOURCES:
        assert not [name for name in source.columns.split() if SECRET.search(name)], source.name


def test_a_number_points_at_a_row_that_is_in_the_copy_too() -> None:
    numbered = {source.name for source in SOURCES if "id" in source.columns.split()}
    for source in SOURCES:
        for name in source.columns.split():
            if name.endswith("_id"):
                targets = {key.column.table.name for key in source.table.__table__.columns[name].foreign_keys}
                assert targets & numbered, (source.name, name)


def test_every_column_has_its_word() -> None:
    taken = {name.removesuffix("_masked") for source in SOURCES for name in source.columns.split()}
    assert taken == set(COLUMNS)
    assert taken >= CODED
    assert len({source.label[:31] for source in SOURCES}) == len(SOURCES)
