"""Display settings: chosen by links, carried in the URL, stored nowhere else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.documents import links, page
from tests.web.reading import text_of


@pytest.mark.parametrize(
    ("view", "look"),
    [
        ("", None),
        ("large", "large"),
        ("contrast,large", "large contrast"),
        ("dark,light", "light"),
        ("large,nonsense,<b>", "large"),
        ("nonsense", None),
    ],
)
def test_display_settings_come_from_the_url(client: FlaskClient, view: str, look: str | None) -> None:
    assert page(client, f"/?view={view}").get("data-look") == look


def test_display_settings_are_kept_in_every_link_and_form(client: FlaskClient) -> None:
    document = page(client, "/therapists?near=02139&view=large,contrast")
    ours = [link.get("href") or "" for link in document.iter("a")]
    without_look = [
        link for link in ours if link.startswith("/") and "view=large,contrast" not in link.replace("%2C", ",")
    ]
    assert without_look == []
    hidden = [box.get("value") for box in document.iter("input") if box.get("name") == "view"]
    assert hidden
    assert set(hidden) == {"large,contrast"}


def test_each_display_setting_is_turned_on_and_off_by_a_link(client: FlaskClient) -> None:
    (on,) = links(page(client, "/display?then=/therapists?near=02139"), "Large buttons: off")
    document = page(client, on)
    assert document.get("data-look") == "large"
    (dark,) = links(document, "Dark: off")
    (light,) = links(page(client, dark), "Light: off")
    assert page(client, light).get("data-look") == "large light"
    (off,) = links(page(client, light), "Large buttons: on")
    assert page(client, off).get("data-look") == "light"


def test_the_display_page_leads_back_with_the_new_settings(client: FlaskClient) -> None:
    (display,) = links(page(client, "/therapists?q=dizzy&near=02139&miles=50"), "Display")
    (on,) = links(page(client, display), "Large buttons: off")
    done = links(page(client, on), "Done")[0]
    assert done == "/therapists?q=dizzy&near=02139&miles=50&view=large"
    assert "listings" in text_of(next(page(client, done).iter("h1")))


def test_display_settings_set_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/display?view=large").headers
