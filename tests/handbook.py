"""Takes the pictures and films of the handbook anew from a running demo; docs/pictures.md tells how.

python -m tests.handbook http://127.0.0.1:8080          all tasks
python -m tests.handbook http://127.0.0.1:8080 03 07    these alone
"""

import sys
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import imageio_ffmpeg
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from core.clock import today
from core.pictures import as_webp
from services.support import handbook
from services.support.handbook import SECONDS, Step, Task
from tests.browsers import knows_our_dates, open_chromium
from tests.pictures import sign_in

FOLDER = Path(__file__).parents[1] / "member_portal" / "static"
SIZE, SHARPNESS, SIDE = (360, 640), 1.5, 960
MOST_PICTURE, MOST_FILM = 25_000, 300_000  # bytes
FRAMES = 4  # of a film in a second: its pictures stand still
OUTLINE = "el => Object.assign(el.style, {outline: '3px solid #d9480f', outlineOffset: '3px', borderRadius: '6px'})"
PLAIN = "el => Object.assign(el.style, {outline: '', outlineOffset: '', borderRadius: ''})"
ENCODING = ["-crf", "36", "-b:v", "0", "-deadline", "good", "-cpu-used", "2", "-row-mt", "1", "-an"]


def walk(browser: Browser, base: str, task: Task) -> list[Image.Image]:
    """Do the task in a phone's window; the pictures of its steps, in their order."""
    width, height = SIZE
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=SHARPNESS, locale="id-ID"
    )
    page = context.new_page()
    sign_in(page, base, task.user)
    taken = [picture for step in task.steps if (picture := do(page, base, step, settle)) is not None]
    context.close()
    return taken


def do(page: Page, base: str, step: Step, wait: Callable[[Page], None]) -> Image.Image | None:
    """One step; what is pressed is pictured before, what is filled in afterwards; `wait` for what comes of it."""
    if step.act == "goto":
        page.goto(base + step.at)
        wait(page)
        return picture(page, None) if step.pictured else None
    target = find(page, step)
    if step.act == "fill":
        target.fill(filled(step.value))
    elif step.act == "select":
        target.select_option(label=step.value)
    taken = picture(page, target) if step.pictured else None
    if step.act == "click":
        target.click()
        wait(page)
    return taken


def find(page: Page, step: Step) -> Locator:
    """What a reader sees: a label, a button, a link or a text; the first that is visible."""
    place = page.locator("main, body > section, body > footer, nav.tabs")
    if (asked := page.locator("dialog[open]")).count():
        place = asked
    elif step.row:
        place = page.locator("tr, li").filter(has_text=step.row)
    if step.label:
        found = place.get_by_label(step.label)
    elif step.button:
        found = place.get_by_role("button", name=step.button)
    elif step.seen:
        found = place.get_by_text(step.seen)
    else:
        found = place.get_by_role("link", name=step.link or None)
    return found.filter(visible=True).first


def filled(value: str) -> str:
    """Days that stay right: the month that comes, the last day of the month before."""
    first = today().replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return value.format(next_month=f"{following:%Y-%m}", last_month_end=(first - timedelta(days=1)).isoformat())


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)


def picture(page: Page, target: Locator | None) -> Image.Image:
    page.evaluate("() => document.activeElement?.blur()")  # its own ring would be a second outline
    if target is not None:
        target.evaluate("el => el.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'})")
        target.evaluate(OUTLINE)
    taken = Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    if target is not None:
        target.evaluate(PLAIN)
    return taken


def film(path: Path, pictures: list[Image.Image]) -> None:
    """Each picture for `SECONDS`."""
    writer = imageio_ffmpeg.write_frames(
        str(path), SIZE, fps=FRAMES, codec="libvpx-vp9", quality=None, bitrate=None, macro_block_size=2,
        output_params=ENCODING,
    )  # fmt: skip
    writer.send(None)
    for taken in pictures:
        frame = taken.resize(SIZE, Image.Resampling.LANCZOS).tobytes()
        for _ in range(FRAMES * SECONDS):
            writer.send(frame)
    writer.close()


def captions(task: Task) -> str:
    cues = []
    for place, text in enumerate(step.text for step in task.steps if step.pictured):
        since, until = (
            f"00:{second // 60:02d}:{second % 60:02d}.000" for second in (place * SECONDS, (place + 1) * SECONDS)
        )
        cues.append(f"{since} --> {until}\n{text}\n")
    return "\n".join(["WEBVTT\n", *cues])


def keep(task: Task, pictures: list[Image.Image]) -> None:
    names = [name for _, name in task.shown if name]
    for name, taken in zip(names, pictures, strict=True):
        (FOLDER / name).write_bytes(as_webp(taken, SIDE, MOST_PICTURE)[0])
    film(FOLDER / task.film, pictures)
    (FOLDER / task.captions).write_text(captions(task), "utf-8")
    size = (FOLDER / task.film).stat().st_size
    assert size <= MOST_FILM, (task.film, size)
    sys.stdout.write(f"{task.number} {task.slug}: {len(pictures)} gambar, film {size} byte\n")


def main(base: str, *numbers: str) -> None:
    """A task begins where the one before left the demo: take all of them from a fresh one."""
    (FOLDER / "panduan").mkdir(exist_ok=True)
    with open_chromium() as browser:
        assert knows_our_dates(browser), "dates would stand in English order: install chromium-l10n"
        for task in handbook.tasks():
            if not numbers or task.number in numbers:
                keep(task, walk(browser, base, task))


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), *sys.argv[2:])
