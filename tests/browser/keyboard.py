"""Keyboard helpers: walk from control to control with the tab key, fill and press."""

from __future__ import annotations

from playwright.sync_api import Page

NAME = """() => {
    const one = document.activeElement;
    const label = one.labels && one.labels.length ? one.labels[0].innerText : "";
    return (label || one.getAttribute("aria-label") || one.innerText || "").trim();
}"""

MOST_STEPS = 250


def walk_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until the control of that name, or one that begins so, has the focus; Shift+Tab walks back."""
    passed = []
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        here = page.evaluate(NAME)
        if here.startswith(name):
            return
        passed.append(here)
    raise AssertionError(f"{name!r} cannot be reached by keyboard: {passed}")


def fill(page: Page, name: str, text: str) -> None:
    """Walk to a field, and type over what stands there."""
    walk_to(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def press(page: Page, name: str, key: str = "Tab") -> None:
    """Walk to a button or a link, press it, and wait for the next page."""
    walk_to(page, name, key)
    with page.expect_navigation():
        page.keyboard.press("Enter")
