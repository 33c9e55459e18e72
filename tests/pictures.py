"""Takes the pictures of the landing page anew from a running demo; docs/pictures.md tells how.

python -m tests.pictures http://127.0.0.1:8080
"""

import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from seed.logins import PASSWORD
from tests.browsers import knows_our_dates, open_chromium

FOLDER = Path(__file__).parents[1] / "member_portal" / "static" / "gambar"
LARGEST = 60_000  # bytes of one picture: six of them must not make the page slow


@dataclass(frozen=True)
class Shot:
    """What is pictured: its file, who looks at which address in a window of which size, and how wide it is kept."""

    name: str
    user: str
    address: str
    size: tuple[int, int]
    width: int
    settle_ms: int = 300


SHOTS = (
    Shot("anggota", "anggota", "/mykoperasi/", (360, 740), 480),
    Shot("simpanan", "anggota", "/mykoperasi/simpanan", (360, 600), 480),
    Shot("kopmart", "", "/kopmart/", (360, 600), 480),
    Shot("pengurus", "pengurus", "/kopmin/", (1280, 800), 960),
    Shot("laporan", "pengurus", "/kopmin/laporan/balance-sheet", (1280, 800), 960),
    Shot("dasbor", "pengurus", "/dasbor/", (1280, 800), 960, settle_ms=9_000),
)


def take(browser: Browser, base: str, shot: Shot) -> Image.Image:
    """The window's upper part, twice as sharp as the screen, made as wide as it is kept."""
    width, height = shot.size
    context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=2, locale="id-ID")
    page = context.new_page()
    if shot.user:
        sign_in(page, base, shot.user)
    page.goto(base + shot.address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(shot.settle_ms)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    context.close()
    return picture.resize((shot.width, round(shot.width * height / width)), Image.Resampling.LANCZOS)


def sign_in(page: Page, base: str, user: str) -> None:
    page.goto(f"{base}/masuk")
    page.fill("#username", user)
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")


def main(base: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with open_chromium() as browser:
        assert knows_our_dates(browser), "dates would stand in English order: install chromium-l10n"
        for shot in SHOTS:
            path = FOLDER / f"{shot.name}.webp"
            picture = take(browser, base, shot)
            picture.save(path, "WEBP", quality=78, method=6)
            assert path.stat().st_size <= LARGEST, (path.name, path.stat().st_size)
            sys.stdout.write(f"{path.name} {picture.width}x{picture.height} {path.stat().st_size} byte\n")
        shared = take(browser, base, Shot("og", "", "/", (1200, 630), 1200))  # shows the pictures above: taken last
        shared.save(FOLDER / "og.jpg", quality=80, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
