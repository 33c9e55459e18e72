"""Requests do not meet in the views that the framework shares between threads."""

import sys
import threading

from admin_panel.base import TenantModelView


def test_a_list_s_filters_belong_to_one_request(panel):
    view = next(v for v in panel.app.extensions["appbuilder"].baseviews if isinstance(v, TenantModelView))
    with panel.app.test_request_context():
        first = view._filters
        assert view._filters is first
    with panel.app.test_request_context():
        assert view._filters is not first


def test_many_at_once_each_see_what_they_asked_for(peopled):
    wrong, usual = [], sys.getswitchinterval()
    browsers = [(peopled.as_("ketua"), "Siti"), (peopled.as_("sekretaris"), "Joko")] * 2

    def ask(browser, name):
        other = "Joko" if name == "Siti" else "Siti"
        for _ in range(20):
            text = browser.get(f"/kopmin/anggota/list/?cari={name}").text
            if f">{name}" not in text or f">{other} " in text:
                wrong.append(name)

    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=ask, args=pair) for pair in browsers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(usual)
    assert wrong == []
