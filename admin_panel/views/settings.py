"""Figures that a regulator or a meeting decides: what holds today, and every decision before."""

from decimal import Decimal
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import DayField, KopForm, NoLoneSurrogate
from core.display import percent_text, rupiah
from core.errors import NotFound
from services.settings import dated


class DecisionForm(KopForm):
    """What a meeting decided. The field for the value fits the kind of the setting."""

    value = StringField("Nilai baru", validators=[InputRequired(), Length(max=60), NoLoneSurrogate()])
    effective_on = DayField("Berlaku mulai", validators=[InputRequired()])
    decided_by = StringField("Diputuskan oleh", validators=[Length(max=120), NoLoneSurrogate()],
                             description="Misalnya: Rapat anggota 15 Maret 2026.")  # fmt: skip


class ChoiceForm(DecisionForm):
    value = SelectField("Nilai baru")


class SettingDesk(Screen):
    """Angka keputusan."""

    route_base = "/kopmin/angka-keputusan"

    @expose("/")
    @needs("coop.settings")
    def index(self) -> ResponseReturnValue:
        session, coop_id, today = scope.session(), scope.actor().coop_id, scope.today()
        rows = [(name, spec, said(spec, dated.value(session, coop_id, name, today)), _since(name))
                for name, spec in dated.SETTINGS.items()]  # fmt: skip
        return self.page("settings.html", title="Angka keputusan", rows=rows)

    @expose("/<setting>", methods=["GET", "POST"])
    @needs("coop.settings")
    def decide(self, setting: str) -> ResponseReturnValue:
        if setting not in dated.SETTINGS:
            raise NotFound(what="Angka keputusan")
        spec, form = dated.SETTINGS[setting], _form(setting)
        if form.validate_on_submit():
            with self.posting(form):
                on, by = form.effective_on.data, form.decided_by.data or ""
                dated.decide(scope.session(), scope.actor(), setting, _plain(spec, form.value.data), effective_on=on,
                             decided_by=by)  # fmt: skip
                flash(f"{spec.label} tersimpan.", "success")
                return redirect(url_for("SettingDesk.decide", setting=setting))
        history = [(row, said(spec, row.value)) for row in dated.history(scope.session(), scope.actor(), setting)]
        return self.page("setting.html", title=spec.label, spec=spec, form=form, history=history,
                         usual=said(spec, spec.default))  # fmt: skip


def said(spec: dated.Spec, value: str) -> str:
    """A value as people read it."""
    if spec.kind == "choice":
        return dict(spec.choices).get(value, value)
    if spec.kind == "rupiah":
        return rupiah(int(value))
    return f"tanggal {value}" if spec.kind == "days" else f"{percent_text(Decimal(value))} %"


def _since(name: str) -> Any:
    """The decision in force today, if any was made."""
    found = [row for row in dated.history(scope.session(), scope.actor(), name) if row.effective_on <= scope.today()]
    return found[0] if found else None


def _form(name: str) -> DecisionForm:
    spec = dated.SETTINGS[name]
    now = dated.value(scope.session(), scope.actor().coop_id, name, scope.today())
    if spec.kind == "choice":
        form = ChoiceForm(value=now, effective_on=scope.today())
        form.value.choices = list(spec.choices)
        return form
    return DecisionForm(value=now.replace(".", ","), effective_on=scope.today())


def _plain(spec: dated.Spec, typed: str) -> str:
    """Rupiah may be typed with dots."""
    return typed.replace(".", "").replace("Rp", "").strip() if spec.kind == "rupiah" else typed


SCREENS = (SettingDesk,)
