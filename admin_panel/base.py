"""The bases of every screen: `Screen` for our own pages, `TenantModelView` for what the framework generates.

What the framework leaves open is closed here once: request state kept on a shared view object, columns nobody
listed, rows of another cooperative, actions on rows that are not there, arguments that are not numbers.
"""

import functools
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, ModelView, expose
from flask_appbuilder.forms import GeneralModelConverter
from flask_appbuilder.models.filters import Filters
from flask_appbuilder.models.sqla.filters import FilterEqual
from markupsafe import Markup
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.wrappers import Response

from admin_panel import scope
from admin_panel.datamodel import LARGEST_ID, FilterNotAfter, FilterNotBefore, FilterSeek, TenantInterface
from admin_panel.exports import spreadsheet
from admin_panel.forms import KopForm, native_form
from admin_panel.shown import money
from core.errors import NotAllowed, Refusal

NEVER_IN_FORMS = re.compile(
    r"^(id|public_id|coop_id|state|status|balance.*|nik.*|.*_cipher|.*_hash|.*_index|.*_token|token|seq|number"
    r"|created_(by|at)|posted_(by|at)|requested_by|decided_by|granted_by)$"
)
LARGEST_PAGE = 100
LARGEST_EXPORT = 50_000
RANGES = {"date_from": FilterNotBefore, "date_to": FilterNotAfter}


class AlreadyThere(Refusal):
    code = "already_there"
    pesan = "Kode atau nama ini sudah dipakai, atau masih dipakai data lain. Pakai yang berbeda lalu simpan lagi."
    status = 409


@dataclass(frozen=True)
class Tool:
    """A button at the head of a page, shown to those who hold `permission`."""

    label: str
    url: str
    permission: str = ""
    main: bool = False


@dataclass(frozen=True)
class Pick:
    """One filter of a list: a choice (`choices` gives value and label), or the start or end of a date range."""

    name: str
    label: str
    column: str
    choices: Callable[[], list[tuple[str, str]]] | None = None
    kind: str = "text"

    def value(self) -> str:
        return request.args.get(self.name, "").strip()[:60]


def needs(permission: str) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Only people with this permission reach the handler; strangers go to the sign-in and come back."""

    def wrap(handler: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @functools.wraps(handler)
        def guarded(self: BaseView, *args: Any, **kwargs: Any) -> ResponseReturnValue:
            who = scope.actor_or_none()
            if who is None:
                return scope.sign_in_first()
            who.must(permission)
            return handler(self, *args, **kwargs)

        guarded._permission_name = handler.__name__  # type: ignore[attr-defined]
        guarded._needs = permission  # type: ignore[attr-defined]
        return guarded

    return wrap


def permissions_of(view: BaseView) -> dict[str, str]:
    """Our permission word for each of the framework's names (`can_list`, `can_book`, …) of a view."""
    words: dict[str, str] = {}
    for name in dir(type(view)):
        word = getattr(getattr(type(view), name, None), "_needs", None)
        if word:
            words[f"can_{name}"] = word
    return words


def allowed(tools: list[Tool]) -> list[Tool]:
    """The tools the signed-in person may use."""
    who = scope.actor()
    return [tool for tool in tools if not tool.permission or who.may(tool.permission)]


class Screen(BaseView):
    """A page of our own. Handlers are `@expose`d, guarded by `@needs`, and 15 lines or fewer."""

    default_view = "index"
    words: dict[str, str]

    def __init__(self) -> None:
        super().__init__()
        self.words = permissions_of(self)

    def page(self, template: str, **context: Any) -> tuple[str, int]:
        """The page, as 422 when its form was refused."""
        form = context.get("form")
        status = 422 if form is not None and request.method == "POST" and form.errors else 200
        context["tools"] = allowed(context.get("tools", []))
        return self.render_template(f"kopmin/{template}", **context), status

    def update_redirect(self) -> None:
        """The framework's list of visited addresses is not kept: it only grows the cookie."""

    @contextmanager
    def posting(self, form: KopForm | None = None) -> Iterator[None]:
        """Runs one service call as one transaction. A refusal is shown on the form, or flashed without one."""
        try:
            with scope.unit_of_work():
                yield
        except NotAllowed:
            raise  # a page of its own: nothing on the form would help
        except Refusal as refusal:
            if form is None:
                flash(refusal.sentence, "danger")
            else:
                form.refused(refusal.sentence)


class RequestFilters:
    """`_filters` of a view, one per request: the framework keeps it on the view, which all threads share."""

    def __get__(self, view: Any, owner: type) -> Any:
        if view is None:
            return self
        kept: dict[int, Filters] = g.setdefault("kop_filters", {})
        if id(view) not in kept:
            kept[id(view)] = view.datamodel.get_filters()
        return kept[id(view)]

    def __set__(self, view: Any, value: Any) -> None:
        """The framework sets one at start; it is not used."""


class TenantModelView(ModelView):
    """The only base of generated screens.

    A subclass names its columns and labels, the permission to `read`, and for plain data the one to `write`.
    Money is read-only here; it moves by actions and screens that call services.
    """

    base_permissions = ["can_list", "can_show"]
    read: ClassVar[str] = ""
    write: ClassVar[str] = ""
    money_columns: ClassVar[tuple[str, ...]] = ()
    seek: ClassVar[tuple[str, ...]] = ()
    seek_label: ClassVar[str] = ""
    seek_filter: ClassVar[type[FilterSeek]] = FilterSeek
    picks: ClassVar[tuple[Pick, ...]] = ()
    lead: ClassVar[str] = ""
    empty_text: ClassVar[str] = "Belum ada data."
    add_label: ClassVar[str] = "Tambah"
    action_needs: ClassVar[dict[str, str]] = {}
    _filters = RequestFilters()
    words: dict[str, str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "datamodel" not in cls.__dict__:
            return
        assert cls.read, f"{cls.__name__} must name its read permission"
        assert isinstance(cls.datamodel, TenantInterface), f"{cls.__name__} must use TenantInterface"
        assert cls.list_columns, f"{cls.__name__}: name the list's columns"
        assert cls.show_columns or cls.show_fieldsets, f"{cls.__name__}: name the columns of one row's page"
        for column in (*(cls.add_columns or ()), *(cls.edit_columns or ())):
            assert not NEVER_IN_FORMS.match(column), f"{cls.__name__}: {column} must not be in a form"
        assert (cls.write != "") == (set(cls.base_permissions) > {"can_list", "can_show"}), f"{cls.__name__}: write?"

    # what the framework builds at start

    def _init_properties(self) -> None:
        names = ("add_columns", "edit_columns", "order_columns", "search_columns")
        declared = {name: list(getattr(type(self), name) or []) for name in names}
        super()._init_properties()
        for name, columns in declared.items():
            setattr(self, name, columns)
        self.formatters_columns = {**dict.fromkeys(self.money_columns, money), **self.formatters_columns}
        missing = [c for c in (*self.list_columns, *self.show_columns) if c not in (type(self).label_columns or {})]
        assert not missing, f"{type(self).__name__} has no label for {missing}"

    def _init_forms(self) -> None:
        convert = GeneralModelConverter(self.datamodel).create_form
        for form, columns in (("add_form", self.add_columns), ("edit_form", self.edit_columns)):
            if columns and not getattr(self, form):
                made = convert(
                    self.label_columns,
                    columns,
                    self.description_columns,
                    self.validators_columns,
                    getattr(self, f"{form}_extra_fields"),
                )
                setattr(self, form, native_form(made, self.money_columns))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        unused = {name for name in ("add", "edit", "delete") if f"can_{name}" not in self.base_permissions}
        self.exclude_route_methods = {"download", *unused, *(() if self.actions else ("action", "action_post"))}
        written = {f"can_{name}": self.write for name in ("add", "edit", "delete") if self.write}
        read = {"can_list": self.read, "can_show": self.read}
        self.words = {**permissions_of(self), **read, **written, **self.action_needs}

    def update_redirect(self) -> None:
        """Not kept; see `Screen`."""

    def get_method_permission(self, method_name: str) -> str:
        return method_name

    def get_action_permission_name(self, name: str) -> str:
        return name

    def get_redirect(self) -> str:
        return url_for(f"{self.endpoint}.list")

    # lists

    def tools(self) -> list[Tool]:
        """Buttons above the list."""
        if "can_add" not in self.base_permissions:
            return []
        return [Tool(self.add_label, url_for(f"{self.endpoint}.add"), self.write, main=True)]

    def export_tool(self) -> Tool:
        """The list as it is filtered now, as an Excel file."""
        asked: dict[str, Any] = {
            key: value for key, value in request.args.items() if not key.startswith(("page_", "psize_"))
        }
        return Tool("Unduh Excel", url_for(f"{self.endpoint}.export", **asked), self.read)

    def show_tools(self, item: Any) -> list[Tool]:
        """Buttons above one row's page."""
        return []

    def show_heading(self, item: Any) -> str:
        return str(item)

    def show_extra(self, item: Any) -> dict[str, Any]:
        """More for the template of one row's page."""
        return {}

    def prepare_form(self, form: Any) -> None:
        """Choices that depend on the cooperative are filled in here."""

    @expose("/list/")
    def list(self) -> ResponseReturnValue:
        refused = self._may("can_list")
        if refused is not None:
            return refused
        widgets = self._list()
        return self.render_template(
            self.list_template, title=self.list_title, lead=self.lead, widgets=widgets, tools=allowed(self.tools())
        )

    def _list(self, **kwargs: Any) -> dict[str, Any]:
        filters = self.asked_filters()
        column, direction = self._asked_order()
        widgets = self._get_list_widget(
            filters=filters,
            order_column=column,
            order_direction=direction,
            page=whole_argument(f"page_{type(self).__name__}", 0, LARGEST_ID // LARGEST_PAGE),
            page_size=min(max(1, whole_argument(f"psize_{type(self).__name__}", self.page_size)), LARGEST_PAGE),
            money_columns=self.money_columns,
            empty_text=self.empty_text,
            add_label=self.add_label,
            list_label=self.list_title,
            sought=bool(filters.values),
        )
        widgets["search"] = functools.partial(self._search_box)
        return widgets

    def asked_filters(self) -> Filters:
        """The list's filters as the address says: the search box and the declared picks, nothing else."""
        filters = self._filters
        filters.clear_filters()
        text = request.args.get("cari", "").strip()[:100]
        if text and self.seek:
            filters._add_filter(self.seek_filter(self.seek, self.datamodel), storable(text))
        for pick in self.picks:
            value = storable(pick.value())
            if value:
                self._pick(filters, pick, value)
        return filters

    def _pick(self, filters: Filters, pick: Pick, value: str) -> None:
        if pick.kind in RANGES:
            filters.add_filter(pick.column, RANGES[pick.kind], value)
        elif pick.choices is None or value in {str(v) for v, _ in pick.choices()}:
            filters.add_filter(pick.column, FilterEqual, value)

    def _asked_order(self) -> tuple[str, str]:
        column = request.args.get(f"_oc_{type(self).__name__}", "")
        direction = request.args.get(f"_od_{type(self).__name__}", "asc")
        if column in self.order_columns and direction in ("asc", "desc"):
            return column, direction
        return self.base_order or ("", "")

    def _search_box(self) -> str:
        shown = [
            {
                "name": pick.name,
                "label": pick.label,
                "value": pick.value(),
                "kind": "date" if pick.kind.startswith("date") else pick.kind,
                "choices": pick.choices() if pick.choices else None,
            }
            for pick in self.picks
        ]
        return render_template(
            "appbuilder/general/widgets/search.html",
            seek_columns=self.seek,
            seek_label=self.seek_label,
            sought_text=request.args.get("cari", "")[:100],
            picks=shown,
        )

    @expose("/unduh.xlsx")
    def export(self) -> ResponseReturnValue:
        """Every row of the filtered list, not only the page shown."""
        refused = self._may("can_list")
        if refused is not None:
            return refused
        column, direction = self._asked_order()
        joined = self.asked_filters().get_joined_filters(self._base_filters)
        _, rows = self.datamodel.query(joined, column, direction, page=0, page_size=LARGEST_EXPORT)
        return spreadsheet(self.list_title, self._export_table(rows))

    def _export_table(self, rows: Iterable[Any]) -> Iterator[Sequence[Any]]:
        yield [self.label_columns[column] for column in self.list_columns]
        for values in self.datamodel.get_values(rows, self.list_columns):
            yield [
                values[column] if column in self.money_columns else self._shown(column, values[column])
                for column in self.list_columns
            ]

    def _shown(self, column: str, value: Any) -> Any:
        formatter = self.formatters_columns.get(column)
        if type(value) is date or formatter is None:  # a moment is written as text, in the cooperative's zone
            return value
        shown = formatter(value)
        return shown.striptags() if isinstance(shown, Markup) else str(shown or "")

    # one row

    def row(self, pk: Any) -> Any:
        """The row of this cooperative with that id, or 404."""
        item = self.datamodel.get(pk, self._base_filters)
        if item is None:
            abort(404)
        return item

    @expose("/show/<pk>")
    def show(self, pk: str) -> ResponseReturnValue:
        refused = self._may("can_show")
        if refused is not None:
            return refused
        item = self.row(pk)
        widgets = self._get_show_widget(pk, item)
        widgets = self._get_related_views_widgets(item, orders={}, pages={}, page_sizes={}, widgets=widgets)
        return self.render_template(
            self.show_template,
            pk=pk,
            item=item,
            title=self.show_heading(item),
            widgets=widgets,
            related_views=self._related_views,
            back=self.get_redirect(),
            back_label=self.list_title,
            tools=allowed(self.show_tools(item)),
            **self.show_extra(item),
        )

    def _get_related_views_widgets(self, item: Any, **kwargs: Any) -> dict[str, Any]:
        """Related lists, each only for those who may read it."""
        widgets = kwargs.pop("widgets", None) or {}
        who = scope.actor()
        widgets["related_views"] = [
            self._get_related_view_widget(item, view) if who.may(view.read) else None for view in self._related_views
        ]
        return widgets

    @expose("/add", methods=["GET", "POST"])
    def add(self) -> ResponseReturnValue:
        refused = self._may("can_add")
        if refused is not None:
            return refused
        form = self.add_form()
        self.prepare_form(form)
        if request.method == "POST" and form.validate():
            item = self.datamodel.obj()
            form.populate_obj(item)
            if self._kept(form, lambda: self.save_new(item)):
                flash(f"{self.show_heading(item)} tersimpan.", "success")
                return redirect(self.get_redirect())
        widgets = self._get_add_widget(form=form)
        return self._form_page(self.add_template, self.add_title, widgets, form)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    def edit(self, pk: str) -> ResponseReturnValue:
        refused = self._may("can_edit")
        if refused is not None:
            return refused
        item = self.row(pk)
        form = self.edit_form(obj=item)
        form._id = item.id
        self.prepare_form(form)
        if request.method == "POST" and form.validate():
            form.populate_obj(item)
            if self._kept(form, lambda: self.save_change(item)):
                flash("Perubahan tersimpan.", "success")
                return redirect(self.get_redirect())
        widgets = self._get_edit_widget(form=form)
        return self._form_page(self.edit_template, self.edit_title, widgets, form)

    @expose("/delete/<pk>", methods=["GET", "POST"])
    def delete(self, pk: str) -> ResponseReturnValue:
        refused = self._may("can_delete")
        if refused is not None:
            return refused
        item = self.row(pk)
        if request.method == "POST":
            self._kept(None, lambda: self.remove(item))
            return redirect(self.get_redirect())
        question = f"Hapus {self.show_heading(item)}? Ini tidak dapat dibatalkan."
        words: dict[str, Any] = {"title": "Hapus", "yes": "Ya, hapus", "danger": True, "back_label": self.list_title}
        return self.render_template("kopmin/sure.html", question=question, back=self.get_redirect(), **words)

    def save_new(self, item: Any) -> None:
        """Keeps a new row of plain data; a noun with rules overrides this with its service."""
        scope.session().add(item)

    def save_change(self, item: Any) -> None:
        """Keeps a changed row of plain data."""

    def remove(self, item: Any) -> None:
        """Removes a row of plain data that nothing points at."""
        scope.session().delete(item)

    def _kept(self, form: Any, keep: Callable[[], None]) -> bool:
        try:
            with scope.unit_of_work() as work:
                keep()
                work.flush()
            return True
        except (IntegrityError, DataError):
            refusal: Refusal = AlreadyThere()
        except Refusal as said:
            refusal = said
        if form is None:
            flash(refusal.sentence, "danger")
        else:
            form.form_errors = [refusal.sentence]
        return False

    def _form_page(self, template: str, title: str, widgets: Any, form: Any) -> ResponseReturnValue:
        page = self.render_template(
            template, title=title, widgets=widgets, back=self.get_redirect(), back_label=self.list_title
        )
        return page, 422 if request.method == "POST" and form.errors else 200

    # actions

    @expose("/action/<string:name>/<pk>", methods=["POST"])
    def action(self, name: str, pk: str) -> ResponseReturnValue:
        chosen = self._chosen_action(name)
        return chosen if isinstance(chosen, Response) else chosen.func(self.row(pk))

    @expose("/action_post", methods=["POST"])
    def action_post(self) -> ResponseReturnValue:
        chosen = self._chosen_action(request.form.get("action", ""))
        if isinstance(chosen, Response):
            return chosen
        ids = request.form.getlist("rowid")[:LARGEST_PAGE]
        if not ids:
            flash("Pilih dulu baris yang dimaksud.", "warning")
            return redirect(self.get_redirect())
        return chosen.func([self.row(pk) for pk in ids])

    def _chosen_action(self, name: str) -> Any:
        if name not in self.actions:
            abort(404)
        refused = self._may(name)
        return refused if refused is not None else self.actions[name]

    def _may(self, permission_name: str) -> Response | None:
        """None when the signed-in person may; the way to the sign-in when nobody is; otherwise NotAllowed."""
        who = scope.actor_or_none()
        if who is None:
            return scope.sign_in_first()
        if permission_name not in self.base_permissions or permission_name not in self.words:
            abort(404)
        who.must(self.words[permission_name])
        return None


def seen(value: object) -> str:
    """A mark of what a preview showed; the form sends it back, so that only what was seen is booked."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:24]


def storable(text: str) -> str:
    """Text without what a database cannot take (lone surrogates, NUL)."""
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")


def whole_argument(name: str, default: int, largest: int = LARGEST_ID) -> int:
    """A whole number from the address; anything else is a 400 that says so."""
    text = request.args.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text) <= largest):
        abort(400, description="Nomor halaman di alamat ini bukan angka yang benar.")
    return int(text)
