"""The page around the dashboards, its files, and how Streamlit is set."""

import asyncio
import gzip
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from streamlit import config

from core.settings import Settings, load
from dashboards import options
from dashboards.assets import STREAMLIT, Assets
from dashboards.look import TOKENS


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    return Assets(tmp_path)


def asked(assets: Assets, name: str, accepts: str = "gzip, br") -> Response:
    headers = [(b"accept-encoding", accepts.encode())]
    scope = {"type": "http", "method": "GET", "path": f"/{name}", "headers": headers, "path_params": {"path": name}}
    return asyncio.run(assets.static(Request(scope)))


def test_the_page_is_ours_and_indonesian(assets: Assets) -> None:
    page = assets.page_html
    assert '<html lang="id"' in page
    assert "<title>Dasbor eKopz</title>" in page
    assert f'name="theme-color" content="{TOKENS["brand"]}"' in page
    assert "Streamlit<" not in page
    assert "You need to enable JavaScript" not in page
    assert "agent" not in page
    assert "<script>" not in page  # nothing inline: the page's own policy forbids it


def test_a_script_comes_compressed_and_whole_and_for_ever(assets: Assets, tmp_path: Path) -> None:
    name = next(name for name in assets.files if name.startswith("js/index."))
    answer = asked(assets, name)
    assert isinstance(answer, FileResponse)
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["vary"] == "Accept-Encoding"
    plain = (STREAMLIT / "static" / name).read_bytes()
    assert gzip.decompress(Path(answer.path).read_bytes()) == plain
    assert Path(answer.path).stat().st_size < len(plain) / 3
    assert tmp_path in Path(answer.path).parents


def test_who_takes_no_gzip_gets_the_file_itself(assets: Assets) -> None:
    name = next(name for name in assets.files if name.startswith("css/index."))
    answer = asked(assets, name, accepts="identity")
    assert "content-encoding" not in answer.headers
    assert isinstance(answer, FileResponse)
    assert Path(answer.path) == STREAMLIT / "static" / name


@pytest.mark.parametrize("name", ["../index.html", "../../config.py", "js/../../index.html", "/etc/passwd", "", "x.js"])
def test_nothing_else_is_served(assets: Assets, name: str) -> None:
    assert asked(assets, name).status_code == 404


def test_a_full_disk_still_serves(assets: Assets, tmp_path: Path) -> None:
    (tmp_path / assets.cache.name).write_text("in the way")
    answer = asked(assets, next(name for name in assets.files if name.startswith("js/index.")))
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


def settings(tmp_path: Path, **more: str) -> Settings:
    return load({"EKOPZ_DATA": str(tmp_path), "PUBLIC_URL": "https://koperasi.example", **more})


def test_streamlit_is_set_before_it_starts(tmp_path: Path) -> None:
    options.settle(settings(tmp_path, TRUSTED_HOSTS="koperasi.example"))
    assert config.get_option("server.enableAgentApi") is False
    assert config.get_option("browser.gatherUsageStats") is False
    assert config.get_option("client.showErrorDetails") == "none"
    assert config.get_option("client.toolbarMode") == "minimal"
    assert config.get_option("server.fileWatcherType") == "none"
    assert config.get_option("server.enableXsrfProtection") is True
    assert config.get_option("server.enableCORS") is True
    assert config.get_option("server.allowedHosts") == ["koperasi.example"]
    assert config.get_option("theme.primaryColor") == TOKENS["brand"]
