"""A visitor: one browser context that records what goes wrong, and the list of pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    Route,
    expect,
)

ROOT = Path(__file__).resolve().parents[2]
LAPTOP, PHONE = 1280, 390


def pages() -> list[str]:
    """Return the name of every page, from the table of contents, and the search page."""
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    listed = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [toc["root"], *listed, "search"]


def chapters() -> list[str]:
    """Return the names of the chapters' pages."""
    return [name for name in pages() if name[:2].isdigit()]


class Visit:
    """A browser context at one width, in one theme.

    Attributes:
        page: the tab.
        troubles: console errors, exceptions, failed responses and requests that left the site,
            which are stopped.
        responses: every response, in order.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.troubles: list[str] = []
        self.responses: list[Response] = []
        self.context: BrowserContext | None = None
        self.start()

    def start(
        self,
        width: int = LAPTOP,
        theme: Any = "light",
        javascript: bool = True,
        touch: bool = False,
    ) -> Page:
        """Begin again with other settings, nothing stored."""
        self.close()
        self.context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
            has_touch=touch,
        )
        self.context.route("**/*", self._stay)
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"exception: {error}"))
        self.page.on("response", self._response)
        return self.page

    def open(self, name: str) -> Page:
        """Open a page by its name and wait until it is quiet."""
        stem, _, rest = name.partition("?")
        self.page.goto(f"{self.address}{stem}.html" + (f"?{rest}" if rest else ""))
        self.page.wait_for_load_state("networkidle")
        return self.page

    def unfold(self) -> None:
        """Scroll to the end, so that every picture is mounted, and open all that is folded."""
        for figure in self.page.locator("figure.course-widget").all():
            figure.scroll_into_view_if_needed()
        self.page.wait_for_function(
            "[...document.querySelectorAll('figure.course-widget')].every(f => f.dataset.mounted)"
        )
        self.page.evaluate(
            "document.querySelectorAll('details').forEach(d => { d.open = true; d.hidden = false })"
        )

    def picture(self, module: str) -> Locator:
        """Bring the page's first picture of a module to the screen; wait until it moves."""
        figure = self.page.locator(f"figure.course-widget[data-module*='/{module}-']").first
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute("data-mounted", "yes")
        return figure

    def use(self) -> None:
        """Leave a trace on everything: step each picture, answer each question, mark each done."""
        for figure in self.page.locator("figure.course-widget").all():
            for radio in figure.get_by_role("radio").all()[1:2]:
                radio.check()
            for name in ("Lock in", "Step", "Probabilities", "Sample a name"):
                for button in figure.get_by_role("button", name=name).all():
                    button.click()
        for quiz in self.page.locator("[data-quiz]").all():
            quiz.locator(".course-choice").first.click()
            quiz.get_by_role("button", name="Check").click()
        for mark in self.page.locator("input[data-exercise]").all():
            mark.check()

    def close(self) -> None:
        """Close the context."""
        if self.context is not None:
            self.context.close()

    def _stay(self, route: Route) -> None:
        if route.request.url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.troubles.append(f"left the site: {route.request.url}")
            route.abort()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(f"console {message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        self.responses.append(response)
        if response.status >= 400:
            self.troubles.append(f"{response.status}: {response.url}")
