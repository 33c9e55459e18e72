"""Reviews of one's shops: read, answered, hidden."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.views.mart.forms import ReplyForm
from core.display import date_long
from models.access import User
from services.mart import review_desk


class ReviewDesk(Screen):
    """Ulasan pembeli."""

    route_base = "/kopmin/ulasan"

    @expose("/")
    @needs("mart.view")
    def index(self) -> ResponseReturnValue:
        rows = review_desk.of_mine(scope.session(), scope.actor())
        return self.page("reviews.html", title="Ulasan", rows=rows)

    @expose("/<row:review_id>", methods=["GET", "POST"])
    @needs("mart.goods")
    def reply(self, review_id: int) -> ResponseReturnValue:
        review = review_desk.get(scope.session(), scope.actor(), review_id)
        form, back = ReplyForm(reply=review.reply), url_for("ReviewDesk.index")
        if form.validate_on_submit():
            with self.posting(form):
                review_desk.reply(scope.session(), scope.actor(), review_id, form.reply.data or "")
                flash("Balasan tersimpan.", "success")
                return redirect(back)
        author = scope.session().get_one(User, review.user_id).full_name
        facts = [("Barang", review.product.name), ("Dari", author), ("Tanggal", date_long(review.created_at.date())),
                 ("Bintang", f"{review.stars} dari 5"), ("Kata pembeli", review.body or "-")]  # fmt: skip
        return self.page("form.html", title="Balas ulasan", form=form, back=back, facts=facts)

    @expose("/<row:review_id>/sembunyikan", methods=["POST"])
    @needs("mart.goods")
    def hide(self, review_id: int) -> ResponseReturnValue:
        review = review_desk.get(scope.session(), scope.actor(), review_id)
        with self.posting():
            review_desk.hide(scope.session(), scope.actor(), review_id, hidden=not review.is_hidden)
            flash("Ulasan disembunyikan." if review.is_hidden else "Ulasan ditampilkan lagi.", "success")
        return redirect(url_for("ReviewDesk.index"))


SCREENS = (ReviewDesk,)
