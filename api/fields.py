"""What may be sent, field by field: how it is read from a query or a JSON body, and how the document tells it."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from core.errors import Refusal
from core.money import LIMIT_RP

Kind = Literal["rupiah", "count", "percent", "day", "text", "choice"]
_PERCENT = re.compile(r"[0-9]{1,4}([.,][0-9]{1,6})?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class FieldInvalid(Refusal):
    code = "api.field_invalid"
    pesan = "{field}: {reason}"


class FieldUnknown(Refusal):
    code = "api.field_unknown"
    pesan = "Isian {field} tidak dikenal. Yang dikenal: {known}."


@dataclass(frozen=True)
class Field:
    """One named value. Without `required` it may be left out and is `default` then."""

    name: str
    kind: Kind
    about: str
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = LIMIT_RP - 1
    longest: int = 200

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        told = self._kind()
        if not self.required and self.default is not None:
            told["default"] = str(self.default) if isinstance(self.default, Decimal) else self.default
        return told

    def _kind(self) -> dict[str, Any]:
        if self.kind in {"rupiah", "count"}:
            return {"type": "integer", "minimum": self.least, "maximum": self.most}
        if self.kind == "percent":
            return {"type": "string", "pattern": f"^{_PERCENT.pattern}$"}
        if self.kind == "day":
            return {"type": "string", "format": "date"}
        if self.kind == "choice":
            return {"type": "string", "enum": list(self.choices)}
        return {"type": "string", "maxLength": self.longest, "minLength": int(self.required)}

    def read(self, given: Any, *, is_text: bool) -> Any:
        """The value sent, in a query (everything is text) or in JSON. Raises FieldInvalid."""
        if self.kind in {"rupiah", "count"}:
            return self._whole(given, is_text)
        if not isinstance(given, str):
            self._refuse("harus berupa teks.")
        if self.kind == "percent":
            return self._percent(given)
        if self.kind == "day":
            return self._day(given)
        if self.kind == "choice" and given not in self.choices:
            self._refuse(f"pilih salah satu: {', '.join(self.choices)}.")
        if not int(self.required) <= len(given) <= self.longest or _CONTROLS.search(given):
            self._refuse(f"isi teks biasa, paling panjang {self.longest} huruf.")
        return given

    def _whole(self, given: Any, is_text: bool) -> int:
        if is_text and given.isascii() and given.isdigit() and len(given) <= 18:
            given = int(given)
        if type(given) is not int or not self.least <= given <= self.most:
            self._refuse(f"bilangan bulat {self.least} sampai {self.most}.")
        return int(given)

    def _percent(self, given: str) -> Decimal:
        if not _PERCENT.fullmatch(given):
            self._refuse("angka persen, misalnya 12 atau 1.5, paling banyak enam angka di belakang koma.")
        return Decimal(given.replace(",", "."))

    def _day(self, given: str) -> date:
        try:
            if len(given) == 10:
                return date.fromisoformat(given)
        except ValueError:
            pass
        self._refuse("tanggal, misalnya 2026-03-31.")
        raise AssertionError

    def _refuse(self, reason: str) -> None:
        raise FieldInvalid(field=self.name, reason=reason)


def read_all(fields: Sequence[Field], given: Mapping[str, Any], *, is_text: bool) -> dict[str, Any]:
    """Every field's value by name; what was not asked for is refused rather than passed over.

    Raises FieldInvalid, FieldUnknown.
    """
    known = {field.name for field in fields}
    if unknown := sorted(set(given) - known):
        raise FieldUnknown(field=ascii(unknown[0][:40]), known=", ".join(sorted(known)) or "tidak ada")
    found = {}
    for field in fields:
        if field.name in given:
            found[field.name] = field.read(given[field.name], is_text=is_text)
        elif field.required:
            raise FieldInvalid(field=field.name, reason="wajib diisi.")
        else:
            found[field.name] = field.default
    return found


def as_json(value: Any) -> Any:
    """Dates in ISO, ids and rates as text, in rows of any depth."""
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID | Decimal) else value
