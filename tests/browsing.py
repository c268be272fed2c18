"""A Chromium that is driven as a person would, and axe; without either the tests fail, they pass nothing over."""

import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[1] / ".tools" / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def chromium():
    """The path of the browser."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise RuntimeError("No Chromium is installed: run the tests by `make test-browser`.")


@contextmanager
def browsing():
    """A browser of Playwright."""
    if not TOOLS.is_dir():
        raise RuntimeError("Playwright is not there: run the tests by `make test-browser`.")
    sys.path.append(str(TOOLS))
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as driver:
            shown = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
            yield shown
            shown.close()
    finally:
        sys.path.remove(str(TOOLS))


# A page with questions unpacks its numbers after it has loaded: until then it answers nothing.
ANSWERS = """() => {
  const live = document.getElementById("explore-live");
  return !live || !live.hidden || document.getElementById("explore-root").dataset.error;
}"""


def opened(browser, page, *, width=1280, height=800, hash="", **context):
    """A page from its file, at a width, once it answers; what it throws fails the test that closes it (`closed`)."""
    tab = browser.new_context(viewport={"width": width, "height": height}, **context).new_page()
    tab.thrown, tab.asked = [], []
    tab.on("pageerror", lambda error: tab.thrown.append(str(error)))
    tab.on("request", lambda request: tab.asked.append(request.url))
    tab.goto(Path(page).resolve().as_uri() + (f"#{hash}" if hash else ""))
    if context.get("java_script_enabled", True):
        tab.wait_for_function(ANSWERS)
    return tab


def closed(tab):
    """Close it: nothing was thrown, and nothing was asked of a network."""
    assert tab.thrown == []
    assert [url for url in tab.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    tab.context.close()


def violations(tab):
    """What axe finds, each as rule and the elements that break it."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def wider_than_the_window(tab):
    """By how many pixels the page would have to be scrolled sideways."""
    return tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def home_of(page):
    """An environment in which the browser keeps what it keeps beside a page."""
    return os.environ | {"HOME": str(Path(page).parent / "home")}
