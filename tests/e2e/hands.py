"""How somebody works a page: with a mouse or finger, or with the keyboard alone."""

from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_TABS = 200
FOCUSED = "element => element === document.activeElement"


class Hands(Protocol):
    page: Page

    def press(self, target: Locator) -> None:
        """Follow a link or push a button."""

    def write(self, field: Locator, text: str) -> None:
        """Put a text into a field in place of what it holds."""

    def choose(self, field: Locator, option: str) -> None:
        """Choose an option by its words."""


class Pointer:
    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, field: Locator, option: str) -> None:
        field.select_option(label=option)


class Keyboard:
    """Tab, Enter and typing alone. What Tab cannot reach within 200 steps cannot be reached."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        self._reach(target)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self._reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, field: Locator, option: str) -> None:
        self._reach(field)
        self.page.keyboard.type(option)

    def _reach(self, target: Locator) -> None:
        target.wait_for()
        for _ in range(MOST_TABS):
            if target.evaluate(FOCUSED):
                assert self._focus_shows(target), f"no focus ring on {target}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    @staticmethod
    def _focus_shows(target: Locator) -> bool:
        return bool(
            target.evaluate(
                "element => element.matches(':focus-visible') && getComputedStyle(element).outlineStyle !== 'none'"
            )
        )
