"""Forms with native inputs, Indonesian messages, and fields that read rupiah and dates as people write them."""

import re
from datetime import date
from typing import Any

from flask_babel import get_translations
from flask_wtf import FlaskForm
from wtforms import DateField, DateTimeLocalField, Field, Form, IntegerField, SelectMultipleField, StringField
from wtforms import widgets as native
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from core.display import percent_text
from core.money import LIMIT_RP
from core.numbers import parse_percent
from services.ledger.chart import Role

CASH = [(Role.CASH.value, "Kas"), (Role.BANK.value, "Bank")]


class _Translations:
    """Form messages from the same catalogue as everything else."""

    def gettext(self, string: str) -> str:
        return str(get_translations().ugettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(get_translations().ungettext(singular, plural, n))


class IndonesianMeta:
    """`class Meta` of every form of the house."""

    def get_translations(self, form: Form) -> _Translations:
        return _Translations()


class KopForm(FlaskForm):
    """A form of our own screens. `refused(sentence)` shows a service's refusal above the fields."""

    class Meta(IndonesianMeta, FlaskForm.Meta):
        pass

    def refused(self, sentence: str) -> None:
        self.form_errors = [*self.form_errors, sentence]


def rupiah_of(text: str) -> int:
    """`Rp 1.250.000` -> 1250000.

    Raises:
        ValueError: with the Indonesian reason: letters, sen, a minus sign, or too large to be meant.
    """
    plain = re.sub(r"^\s*Rp\.?\s*", "", text, flags=re.IGNORECASE).strip()
    plain = re.sub(r",(00|-)$", "", plain)
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", plain):
        plain = plain.replace(".", "")
    if not re.fullmatch(r"[0-9]+", plain):
        raise ValueError("Tulis rupiah bulat, misalnya 1.250.000, tanpa sen, huruf, atau tanda kurang.")
    if int(plain) >= LIMIT_RP:
        raise ValueError("Jumlah ini terlalu besar. Periksa lagi banyaknya angka.")
    return int(plain)


class MoneyInput(native.TextInput):
    """A text input with the number keyboard; the dots come while typing."""

    def __call__(self, field: Field, **kwargs: Any) -> Any:
        kwargs.setdefault("inputmode", "numeric")
        kwargs.setdefault("autocomplete", "off")
        kwargs["class"] = "money"
        return super().__call__(field, **kwargs)


class RupiahField(StringField):
    """Whole rupiah as `int`; empty stays None."""

    widget = MoneyInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:,}".replace(",", ".")

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = rupiah_of(text) if text else None


class PercentField(StringField):
    """`1,5` -> Decimal; empty stays None."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else percent_text(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = parse_percent(text) if text else None


class DayField(DateField):
    """A native date input; also takes 31/12/2026."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("format", ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"])
        super().__init__(*args, **kwargs)


class WallField(DateTimeLocalField):
    """Date and time as a clock on the wall shows them."""

    def __init__(self, label: str, **options: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H.%M", "%d/%m/%Y %H:%M"]
        super().__init__(label, format=formats, validators=[InputRequired()], **options)


class TicksField(SelectMultipleField):
    """Choices as boxes to tick."""

    widget = native.ListWidget(prefix_label=False)
    option_widget = native.CheckboxInput()


class MonthField(StringField):
    """A month, kept as its first day; written 2026-03."""

    widget = native.MonthInput()

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else (f"{self.data:%Y-%m}" if self.data else "")

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            self.data = None
            return
        found = re.fullmatch(r"(\d{4})-(\d{2})", text)
        if not found or not 1 <= int(found[2]) <= 12 or not 1900 <= int(found[1]) <= 2200:
            raise ValueError("Tulis bulan seperti 2026-03.")
        self.data = date(int(found[1]), int(found[2]), 1)


class Positive:
    """The amount must be above zero."""

    def __call__(self, form: Form, field: Field) -> None:
        if field.data is None or field.data <= 0:
            raise ValidationError("Jumlah harus lebih dari nol.")


class NoLoneSurrogate:
    """Text the database could not keep is refused here, with a sentence."""

    def __call__(self, form: Form, field: Field) -> None:
        if isinstance(field.data, str):
            try:
                field.data.encode("utf-8")
            except UnicodeEncodeError:
                raise ValidationError("Ada huruf yang tidak dapat disimpan. Ketik ulang bagian itu.") from None
            if "\x00" in field.data:
                raise ValidationError("Ada huruf yang tidak dapat disimpan. Ketik ulang bagian itu.")


def short_text(label: str, most: int, *rules: Any, field: Any = StringField, **options: Any) -> Any:
    return field(label, validators=[*rules, Length(max=most), NoLoneSurrogate()], **options)


def whole(label: str, least: int = 1, most: int = 1200, **options: Any) -> Any:
    """A whole number with the number keyboard."""
    rules = [InputRequired(), NumberRange(least, most, f"Isi angka {least} sampai {most}.")]
    return IntegerField(label, validators=rules, render_kw={"inputmode": "numeric"}, **options)


class ReasonForm(KopForm):
    reason = short_text("Alasan", 200, InputRequired())


class UndoForm(KopForm):
    booked_on = DayField("Tanggal pembatalan", validators=[InputRequired()])
    reason = short_text("Alasan", 150, InputRequired())


_NATIVE = {
    "BS3TextFieldWidget": native.TextInput,
    "BS3TextAreaFieldWidget": native.TextArea,
    "BS3PasswordFieldWidget": native.PasswordInput,
    "Select2Widget": native.Select,
    "DatePickerWidget": native.DateInput,
    "DateTimePickerWidget": native.DateTimeLocalInput,
}


def native_form(form: type[Form], money: tuple[str, ...]) -> type[Form]:
    """The framework's generated form with native inputs, rupiah fields for `money`, and Indonesian messages."""
    changed: dict[str, Any] = {}
    for name in dir(form):
        field = getattr(form, name)
        if not isinstance(field, UnboundField):
            continue
        options = dict(field.kwargs)
        options.setdefault("validators", [])
        options["validators"] = [*options["validators"], NoLoneSurrogate()]
        widget = _NATIVE.get(type(options.get("widget")).__name__)
        if name in money:
            options.pop("widget", None)
            changed[name] = RupiahField(*field.args, **options)
        else:
            if widget is not None:
                options["widget"] = widget()
            changed[name] = UnboundField(field.field_class, *field.args, **options)
            changed[name].creation_counter = field.creation_counter
    meta = type("Meta", (IndonesianMeta, FlaskForm.Meta), {})
    return type(form.__name__, (form,), {**changed, "Meta": meta})
