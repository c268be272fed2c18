"""The pages in a real browser (`make test-browser`): by keyboard alone, on a phone, inside another page, and by axe."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from browsing import browsing, closed, opened, violations, wider_than_the_window
from explain_helpers import short_run
from sampling import SHORT

import harmattan as hm
from harmattan.claims.register import load_register
from harmattan.core.language import speaking
from harmattan.core.telling import telling
from harmattan.report.explore_fragment import explorable, render_explore_fragment
from harmattan.run.forecasting import forecast_on
from harmattan.schema.scenario import Asked

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("made_case")]
WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def runs(made_case, made_fit):
    run = short_run(made_fit, load_register(), draws=1000)
    return run, forecast_on(run.ground, Asked(hm.load("stays"), run.clock))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def page(runs, folder):
    return hm.explore(*runs, out=folder / "explore.html")


@pytest.fixture(scope="module")
def hosting(runs, folder):
    """A page of somebody else, without and with the fragment in its middle."""
    with speaking("en"), telling(runs[0].words):
        made = render_explore_fragment(explorable(runs, runs[0].clock.as_of))
    style = (
        "p { margin: 7px } td { color: #123456 } h2 { color: #654321 } details { padding: 9px } .note { color: #222 }"
    )
    around = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Host</title><meta name="viewport" '
    around += 'content="width=device-width, initial-scale=1"><style>{css}</style></head><body><main><h1>Host</h1>'
    around += '<h2 id="before">Before</h2><p class="note lead">Words</p><label for="country">Mine</label>'
    around += '<input id="country"><button>One</button>{body}'
    around += '<h2 id="after">After</h2><table><tr><td>1</td></tr></table><details><summary>More</summary></details>'
    around += '<div style="height: 1000px"></div></main></body></html>'
    files = []
    for name, css, body in (("without", "", ""), ("with", made.css, made.body)):
        files.append(folder / f"{name}.html")
        files[-1].write_text(around.replace("{css}", style + css).replace("{body}", body), encoding="utf-8")
    return files


@pytest.fixture(scope="module")
def browser():
    with browsing() as shown:
        yield shown


def focused(tab):
    return tab.evaluate(
        "() => { const e = document.activeElement; return e.id || e.name || e.dataset.name || e.tagName; }"
    )


def outlined(tab):
    """Whether a ring is seen around what has the focus, or around the label that stands for it."""
    return tab.evaluate(
        """() => {
          const e = document.activeElement, shown = e.type === "radio" ? e.nextElementSibling : e;
          const style = getComputedStyle(shown), box = shown.getBoundingClientRect();
          return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 0;
        }"""
    )


def tab_to(page, wanted, most=80):
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page) == wanted:
            return
    pytest.fail(f"Tab does not reach {wanted}")


def open_drivers(tab, most=80):
    """Opens the first group of drivers, as the keyboard does."""
    for _ in range(most):
        tab.keyboard.press("Tab")
        if tab.evaluate("() => document.activeElement.matches('.group > summary')"):
            tab.keyboard.press("Enter")
            return
    pytest.fail("Tab does not reach the drivers")


def said(tab):
    return tab.inner_text("#explore-said")


def share(tab):
    return tab.get_attribute("#explore-answer", "data-share")


def test_every_control_is_reached_in_order_by_tab_and_its_focus_is_seen(browser, page):
    tab = opened(browser, page)
    tab.evaluate("() => document.querySelectorAll('.group').forEach((one) => { one.open = true; })")
    reached = []
    for _ in range(120):
        tab.keyboard.press("Tab")
        if focused(tab) == "BODY":
            break
        reached.append(focused(tab))
        assert focused(tab) in ("A", "SUMMARY") or outlined(tab), f"no focus is seen on {reached[-1]}"
    first = ["explore-country", "explore-scenario", "explore-outcome", "explore-window", "explore-threshold"]
    assert reached[1:6] == first, "the first is the link that leads past the questions"
    for name in ("explore-reset", "explore-copy", "explore-csv", "explore-save", "explore-link", "explore-way-raiders"):
        assert name in reached
    closed(tab)


def test_a_question_is_asked_and_taken_back_by_keyboard_alone(browser, page):
    tab = opened(browser, page)
    before = share(tab)
    tab_to(tab, "explore-threshold")
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("(was) => document.getElementById('explore-answer').dataset.share !== was", arg=before)
    higher = share(tab)
    assert float(higher) < float(before), "a higher threshold is passed less often"
    open_drivers(tab)
    tab_to(tab, "explore-way-raiders")
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("(was) => document.getElementById('explore-answer').dataset.share !== was", arg=higher)
    assert "is.raiders=" in tab.url and said(tab)
    assert tab.locator("[name=explore-way-raiders]:checked").get_attribute("value") == "0"
    tab.keyboard.press("Shift+Tab")
    for _ in range(60):
        if focused(tab) == "explore-reset":
            break
        tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Space")
    tab.wait_for_function("(was) => document.getElementById('explore-answer').dataset.share === was", arg=higher)
    assert "is.raiders" not in tab.url
    closed(tab)


def test_drivers_lie_folded_with_their_number_until_asked_or_changed_by_the_address(browser, page):
    tab = opened(browser, page)
    groups = tab.locator(".group")
    for place in range(groups.count()):
        count = groups.nth(place).locator(".driver").count()
        assert f"(drivers: {count})" in groups.nth(place).locator("summary").inner_text() and count
        assert not groups.nth(place).locator(".driver").first.is_visible()
    closed(tab)
    asked = opened(browser, page, hash="is.raiders=bolder")
    assert asked.locator("[data-driver=raiders]").is_visible(), "what a link changes is seen"
    closed(asked)


def test_as_recorded_is_one_press_away_and_shows_what_is_settled(browser, page):
    tab = opened(browser, page)
    assert tab.input_value("#explore-scenario") == "leaves"
    tab_to(tab, "explore-recorded")
    tab.keyboard.press("Enter")
    tab.wait_for_function("() => document.getElementById('explore-scenario').value === 'leaves-recorded'")
    ways = {name: tab.locator(f"[name=explore-way-{name}]:checked") for name in ("patrols", "raiders")}
    assert ways["patrols"].is_disabled() and ways["patrols"].get_attribute("value") == "0"
    assert not ways["raiders"].is_disabled()
    closed(tab)


def test_the_answer_is_announced_once_when_nothing_moves_any_more(browser, page):
    tab = opened(browser, page)
    tab.evaluate(
        """() => {
          window.heard = [];
          const live = document.querySelectorAll("[aria-live], [role=status], [role=alert], output");
          for (const one of live) {
            new MutationObserver(() => { if (one.textContent) window.heard.push(one.textContent); })
              .observe(one, { childList: true, subtree: true, characterData: true });
          }
        }"""
    )
    assert tab.inner_text("#explore-announced") == "", "opening the page is no answer to announce"
    tab_to(tab, "explore-threshold")
    for _ in range(5):
        tab.keyboard.press("ArrowRight")
    tab.wait_for_function("() => window.heard.length > 0")
    tab.wait_for_timeout(900)
    heard = tab.evaluate("() => window.heard")
    assert len(heard) == 1 and heard[0].startswith(said(tab)), heard
    closed(tab)


@pytest.mark.parametrize("width", WIDTHS)
def test_inside_another_page_it_changes_nothing_around_it_and_fits(browser, hosting, width):
    looks = """() => ["h2", "p", "td", "details", "button", "#country", "body", "html"].map((one) => {
      const own = [...document.querySelectorAll(one)].find((each) => !each.closest(".explore"));
      const style = getComputedStyle(own);
      return [one, style.color, style.margin, style.padding, style.font, style.display, style.overflow].join("|");
    })"""
    tabs = [opened(browser, file, width=width) for file in hosting]
    assert tabs[0].evaluate(looks) == tabs[1].evaluate(looks)
    assert said(tabs[1]) and wider_than_the_window(tabs[1]) <= 0
    globals_ = [set(tab.evaluate("() => Object.getOwnPropertyNames(window)")) for tab in tabs]
    left = globals_[1] - globals_[0]
    assert {name for name in left if not name.startswith("explore-")} == set(), "ids alone are named there by browsers"
    for tab in tabs:
        closed(tab)


def test_inside_another_page_places_and_questions_share_the_address(browser, hosting):
    tab = opened(browser, hosting[1], hash="after")
    assert tab.url.endswith("#after"), "opening it asks nothing"
    tab.select_option("#explore-scenario", "stays")
    tab.wait_for_function("() => location.hash.includes('scenario=stays')")
    kept = tab.url
    tab.evaluate("() => { location.hash = 'before'; }")
    tab.wait_for_timeout(100)
    assert tab.input_value("#explore-scenario") == "stays" and tab.url.endswith("#before")
    again = opened(browser, hosting[1], hash=kept.split("#")[1])
    assert again.input_value("#explore-scenario") == "stays" and share(again) == share(tab)
    assert again.evaluate("() => document.getElementById('explore-root').getBoundingClientRect().top") < 5
    closed(tab), closed(again)


def test_answer_and_scenario_are_saved_as_files_and_the_link_is_copied(browser, page, tmp_path):
    tab = opened(browser, page, permissions=["clipboard-read", "clipboard-write"], accept_downloads=True)
    tab.click(".group:has([name=explore-way-raiders]) > summary")
    tab.click("label:has([name=explore-way-raiders][value='0'])")
    tab.wait_for_function("() => location.hash.includes('is.raiders')")
    for name, begins in (("csv", "scenario,country,outcome"), ("save", "# ")):
        with tab.expect_download() as saved:
            tab.click(f"#explore-{name}")
        saved.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)
    assert "observe:\n    raiders: bolder" in (tmp_path / "save").read_text(encoding="utf-8")
    tab.click("#explore-copy")
    tab.wait_for_function("() => document.getElementById('explore-copied').textContent")
    assert tab.evaluate("() => navigator.clipboard.readText()") == tab.url
    closed(tab)


@pytest.mark.parametrize("width", WIDTHS)
def test_without_scripts_the_table_stands_there(browser, page, runs, width):
    tab = opened(browser, page, width=width, java_script_enabled=False)
    assert tab.locator("#explore-still tbody tr").count() == len(runs[0].case.units)
    assert tab.locator("#explore-still table").is_visible() and not tab.locator("#explore-live").is_visible()
    assert tab.locator("noscript .warning").is_visible()
    tab.context.close()


@pytest.fixture(scope="module", params=["en", "fr"])
def written(request, made_fit, made_people, tmp_path_factory):
    """Every page that a brief writes, in one language."""
    out = tmp_path_factory.mktemp(f"brief-{request.param}") / "out"
    asked = {"out": out, "draws": 300, "settings": SHORT, "lang": request.param, "formats": ("svg",)}
    with ThreadPoolExecutor(1) as other:  # Playwright has a loop of its own in this thread, and a brief may run one
        other.submit(hm.brief, **asked).result()
    return sorted(out.glob("*.html"))


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_any_page_of_a_brief(browser, written, width):
    assert {"brief.html", "explore.html"} <= {page.name for page in written}
    found = {}
    for page in written:
        tab = opened(browser, page, width=width)
        tab.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found[page.name] = violations(tab)
        assert wider_than_the_window(tab) <= 0, page.name
        closed(tab)
    assert not any(found.values()), "\n".join(f"{page}: {line}" for page, lines in found.items() for line in lines)


@pytest.mark.parametrize("section", ["explore-title", "people"])
def test_a_section_takes_one_screen_and_nothing_lies_over_it(browser, written, section):
    tab = opened(browser, next(page for page in written if page.name == "brief.html"))
    tab.wait_for_function("() => document.getElementById('explore-said').textContent")
    shown = tab.locator(f"section[aria-labelledby={section}]")
    shown.evaluate("(one) => one.scrollIntoView()")
    assert shown.bounding_box()["height"] <= 800
    over = """(one) => {
      const { left, width, top } = one.getBoundingClientRect();
      const across = [0.1, 0.3, 0.5, 0.7, 0.9], down = [20, 60, 120, 200];
      const points = across.flatMap((x) => down.map((y) => [left + x * width, top + y]));
      return points.filter(([x, y]) => document.elementFromPoint(x, y)?.closest("nav")).length;
    }"""
    assert shown.evaluate(over) == 0
    closed(tab)


def test_axe_would_find_what_is_wrong(browser, page, folder):
    broken = folder / "broken.html"
    text = re.sub(r'<label for="explore-country">.*?</label>', "", page.read_text(encoding="utf-8"))
    broken.write_text(text, encoding="utf-8")
    tab = opened(browser, broken)
    assert any(one.startswith("select-name") for one in violations(tab))
    closed(tab)
