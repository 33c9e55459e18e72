"""Berita: the list with what is read, the editor with its preview, and an article's way to its readers."""

from collections.abc import Callable
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy.orm import Session

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs
from admin_panel.views.news.forms import (
    ArticleForm,
    NoteForm,
    PublishForm,
    article_form,
    draft_of,
    only_looks,
    seen_as,
    standing,
)
from core.actor import Actor
from core.clock import today
from models.news import Article
from services.news import articles, comments, figures, markdown
from services.news.articles import STATES


def state_tag(article: Article) -> object:
    return standing(article, STATES)


class ArticleDesk(Screen):
    """Artikel Kopnews."""

    route_base = "/platform/berita"

    @expose("/")
    @needs("platform.news_write")
    def index(self) -> ResponseReturnValue:
        session, who, chosen = scope.session(), scope.actor(), request.args.get("keadaan", "")
        rows = figures.listed(session, who, chosen if chosen in STATES else "")
        ids = [one.id for one in rows]
        tools = [Tool("Tulis artikel", url_for("ArticleDesk.add"), main=True)]
        return self.page(
            "news_articles.html", title="Artikel Kopnews", rows=rows, read=figures.of(session, rows, today()),
            said=comments.counted(session, ids), chosen=chosen, states=STATES, tag=state_tag, tools=tools,
        )  # fmt: skip

    @expose("/tulis", methods=["GET", "POST"])
    @needs("platform.news_write")
    def add(self) -> ResponseReturnValue:
        form = article_form()
        if form.validate_on_submit() and not only_looks():
            with self.posting(form):
                article = articles.write(scope.session(), scope.actor(), draft_of(form))
                flash("Draf tersimpan.", "success")
                return redirect(url_for("ArticleDesk.show", article_id=article.id))
        return self._editor(form, "Tulis artikel", url_for("ArticleDesk.index"))

    @expose("/<row:article_id>/ubah", methods=["GET", "POST"])
    @needs("platform.news_write")
    def edit(self, article_id: int) -> ResponseReturnValue:
        article = articles.get(scope.session(), scope.actor(), article_id)
        form, back = article_form(article), url_for("ArticleDesk.show", article_id=article_id)
        if form.validate_on_submit() and not only_looks():
            with self.posting(form):
                note = form.note.data or "" if "note" in form else ""
                seen = form.seen.data or "-"
                articles.change(scope.session(), scope.actor(), article_id, draft_of(form), seen=seen, note=note)
                flash("Perubahan tersimpan.", "success")
                return redirect(back)
        return self._editor(form, f"Ubah: {article.title}", back)

    def _editor(self, form: ArticleForm, title: str, back: str) -> ResponseReturnValue:
        seen = seen_as(form.body.data, articles.LONGEST_BODY)
        return self.page("news_editor.html", title=title, form=form, back=back, preview=seen)

    @expose("/<row:article_id>")
    @needs("platform.news_write")
    def show(self, article_id: int) -> ResponseReturnValue:
        return self._shown(article_id)

    def _shown(self, article_id: int, publish: PublishForm | None = None) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        article = articles.get(session, who, article_id)
        days = figures.daily(session, article.slug, today()) if article.publish_at else []
        return self.page(
            "news_article.html", title=article.title, article=article, body=markdown.html(article.body), days=days,
            most=max((many for _, many in days), default=0), tag=state_tag(article), is_out=articles.is_out(article),
            form=publish,
            publish=publish or PublishForm(formdata=None, seen=articles.mark(article)), note=NoteForm(formdata=None),
            tags=articles.tags_of(session, article_id), may_edit=_may_edit(article, who),
        )  # fmt: skip

    @expose("/<row:article_id>/ajukan", methods=["POST"])
    @needs("platform.news_write")
    def submit(self, article_id: int) -> ResponseReturnValue:
        return self._act(article_id, articles.submit, "Artikel dikirim ke redaktur.")

    @expose("/<row:article_id>/kembalikan", methods=["POST"])
    @needs("platform.news_publish")
    def send_back(self, article_id: int) -> ResponseReturnValue:
        note = NoteForm().note.data or ""
        said = "Artikel dikembalikan ke penulis."
        return self._act(article_id, partial(articles.send_back, note=note), said)

    @expose("/<row:article_id>/terbitkan", methods=["POST"])
    @needs("platform.news_publish")
    def publish(self, article_id: int) -> ResponseReturnValue:
        form = PublishForm()
        if form.validate():
            with self.posting(form):
                articles.publish(
                    scope.session(), scope.actor(), article_id, at=form.moment(), seen=form.seen.data or ""
                )
                flash("Artikel dijadwalkan." if form.at.data else "Artikel terbit.", "success")
                return redirect(url_for("ArticleDesk.show", article_id=article_id))
        return self._shown(article_id, form)

    @expose("/<row:article_id>/tarik", methods=["POST"])
    @needs("platform.news_publish")
    def withdraw(self, article_id: int) -> ResponseReturnValue:
        return self._act(article_id, articles.withdraw, "Artikel ditarik; pembaca tidak melihatnya lagi.")

    def _act(self, article_id: int, act: Callable[[Session, Actor, int], Article], done: str) -> ResponseReturnValue:
        with self.posting():
            act(scope.session(), scope.actor(), article_id)
            flash(done, "success")
        return redirect(url_for("ArticleDesk.show", article_id=article_id))


def _may_edit(article: Article, who: Actor) -> bool:
    return article.state == "draft" or who.may("platform.news_publish")


SCREENS = (ArticleDesk,)
