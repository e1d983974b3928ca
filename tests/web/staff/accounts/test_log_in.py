"""Log-in of staff: password, second factor, recovery codes, locks, links, expiring sessions, no cookie before it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, update

from finder.records.people.accounts import Role, change_role, deactivate_account, get_account
from finder.records.people.attempts import (
    FAILURES_BY_NETWORK,
    LOG_INS_BY_ACCOUNT,
    REPORTS_BY_NETWORK,
    add_attempt,
    network_mark,
)
from finder.records.people.passwords import issue_link
from finder.records.people.sessions import SEEN_EVERY, SESSION_IDLE, SESSION_LIFE
from finder.records.tables.accounts import StaffSession
from tests.web.staff.office import PASSWORD, Office, StaffMember, hidden


def cookies(client: FlaskClient) -> str | None:
    """Return the session cookie, if there is one."""
    cookie = client.get_cookie("finder_staff", path="/staff")
    return cookie.value if cookie else None


def is_logged_in(member: StaffMember) -> bool:
    """Whether a person is logged in."""
    return member.get("/staff/").status_code == 200


def test_no_cookie_is_set_before_logging_in(office: Office) -> None:
    publisher = office.add_member("publisher")
    page = publisher.get("/staff/login")
    form = {"form_token": hidden(page.text, "form_token"), "email": publisher.email, "password": PASSWORD}
    halfway = publisher.client.post("/staff/login", data=form)
    assert halfway.status_code == 200
    assert cookies(publisher.client) is None
    assert not is_logged_in(publisher)
    proof = hidden(halfway.text, "proof")
    publisher.client.post("/staff/login/code", data={"proof": proof, "code": publisher.code()})
    assert cookies(publisher.client)
    assert is_logged_in(publisher)


def test_the_cookie_is_for_staff_pages_alone_and_kept_from_scripts(office: Office) -> None:
    viewer = office.add_member("viewer")
    cookie = viewer.log_in().headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/staff"):
        assert part in cookie
    assert "Secure" not in cookie
    fresh = office.app.test_client()
    page = fresh.get("/staff/login", base_url="https://localhost")
    form = {"form_token": hidden(page.text, "form_token"), "email": viewer.email, "password": PASSWORD}
    secure = fresh.post("/staff/login", data=form, base_url="https://localhost")
    assert "Secure" in secure.headers["Set-Cookie"]
    assert "Set-Cookie" not in viewer.get("/").headers


def test_an_administrator_ends_the_wait_of_a_network(office: Office) -> None:
    viewer, admin = office.add_member("viewer"), office.add_logged_in("admin")
    viewer.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    with office.installation.records.writing() as session:
        mark = network_mark(office.installation.records.seal, "203.0.113.7")
        for limit in (FAILURES_BY_NETWORK, REPORTS_BY_NETWORK):
            for _ in range(limit.most):
                add_attempt(session, limit, mark, at=datetime.now(UTC))
    assert "Wait 15 minutes" in viewer.log_in().text
    assert "2 networks must wait" in admin.get("/staff/accounts").text
    assert admin.send("/staff/accounts/unlock-networks").location == "/staff/accounts"
    assert "must wait" not in admin.get("/staff/accounts").text
    assert viewer.log_in().status_code == 303


@pytest.mark.parametrize("email", ["viewer@example.org", "nobody@example.org", ""])
def test_a_wrong_password_and_an_unknown_address_look_the_same(office: Office, email: str) -> None:
    office.add_member("viewer")
    answer = StaffMember(office.app.test_client(), email).log_in("a wrong one")
    assert answer.status_code == 422
    assert "The e-mail address or the password is not right." in answer.text
    assert "a wrong one" not in answer.text


def test_failed_log_ins_lock_the_account_until_an_administrator_unlocks_it(office: Office) -> None:
    viewer, admin = office.add_member("viewer"), office.add_logged_in("admin")
    for _ in range(LOG_INS_BY_ACCOUNT.most):
        assert viewer.log_in("a wrong one").status_code == 422
    answer = viewer.log_in()
    assert answer.status_code == 422
    assert "Wait 15 minutes" in answer.text
    number = office.account(viewer).id
    assert "locked out" in admin.get(f"/staff/accounts/{number}").text
    admin.send(f"/staff/accounts/{number}/unlock")
    assert viewer.log_in().status_code == 303


def test_the_lock_holds_over_processes(office: Office, app: Flask) -> None:
    from tests.conftest import make_app

    viewer = office.add_member("viewer")
    for _ in range(LOG_INS_BY_ACCOUNT.most):
        viewer.log_in("a wrong one")
    elsewhere = make_app(app.config["FINDER_SETTINGS"].home)
    assert "Wait 15 minutes" in StaffMember(elsewhere.test_client(), viewer.email).log_in().text


def test_a_code_works_once(office: Office) -> None:
    publisher = office.add_member("publisher")
    code = publisher.code()
    assert publisher.log_in().status_code == 303
    again = StaffMember(office.app.test_client(), publisher.email)
    page = again.get("/staff/login").text
    form = {"form_token": hidden(page, "form_token"), "email": again.email, "password": PASSWORD}
    proof = hidden(again.client.post("/staff/login", data=form).text, "proof")
    answer = again.client.post("/staff/login/code", data={"proof": proof, "code": code})
    assert answer.status_code == 422
    assert "This code is not right" in answer.text
    assert not is_logged_in(again)


def test_a_recovery_code_works_once_in_place_of_a_code(office: Office) -> None:
    admin = office.add_logged_in("admin")
    codes = re.findall(r"<li>([0-9a-z-]{14})</li>", admin.send("/staff/me/recovery-codes").text)
    assert len(codes) == 10
    for code, status in ((codes[0], 303), (codes[0], 422), (codes[1], 303)):
        lost = StaffMember(office.app.test_client(), admin.email)
        page = lost.get("/staff/login").text
        form = {"form_token": hidden(page, "form_token"), "email": lost.email, "password": PASSWORD}
        proof = hidden(lost.client.post("/staff/login", data=form).text, "proof")
        assert lost.client.post("/staff/login/code", data={"proof": proof, "code": code}).status_code == status


def test_the_second_factor_is_set_up_by_qr_code_or_letters(office: Office) -> None:
    publisher = office.add_member("publisher", second_factor=False)
    publisher.log_in()
    assert publisher.send("/staff/me/second-factor", {"current": "a wrong one"}).status_code == 422
    assert publisher.send("/staff/me/second-factor", {"current": PASSWORD}).status_code == 303
    page = publisher.get("/staff/me/second-factor").text
    assert 'src="data:image/svg+xml' in page
    found = re.search(r'<code class="link-once">([A-Z2-7 ]+)</code>', page)
    assert found
    publisher.secret = found[1].replace(" ", "")
    assert publisher.send("/staff/me/second-factor/confirm", {"code": "000000"}).status_code == 422
    done = publisher.send("/staff/me/second-factor/confirm", {"code": publisher.code()})
    assert "recovery codes" in done.text
    assert publisher.get("/staff/me/second-factor").text.count("data:image") == 0
    assert publisher.send("/staff/releases/roll-back").location == "/staff/releases", "it counts in this session"
    assert publisher.secret not in publisher.get("/staff/audit").text


def test_moving_to_another_phone_needs_the_old_one(office: Office) -> None:
    admin = office.add_logged_in("admin")
    answer = admin.send("/staff/me/second-factor", {"current": PASSWORD, "code": "000000"})
    assert answer.status_code == 422
    assert office.account(admin).totp_confirmed_at


def test_a_session_ends_when_the_account_changes(office: Office) -> None:
    viewer, editor, shut = (
        office.add_logged_in("viewer"),
        office.add_logged_in("editor"),
        office.add_logged_in("viewer", 2),
    )
    with office.installation.records.writing() as session:
        change_role(session, get_account(session, editor.email), Role.VIEWER, by="test")
        deactivate_account(session, get_account(session, shut.email), by="test")
    assert [is_logged_in(viewer), is_logged_in(editor), is_logged_in(shut)] == [True, False, False]
    assert shut.log_in().status_code == 422


def copy_of(member: StaffMember) -> StaffMember:
    """Return somebody who has copied the cookie of a person."""
    thief = StaffMember(member.client.application.test_client(), member.email)
    thief.client.set_cookie("finder_staff", cookies(member.client) or "", path="/staff")
    return thief


def test_a_copied_cookie_ends_with_the_log_out(office: Office) -> None:
    viewer = office.add_logged_in("viewer")
    elsewhere = StaffMember(office.app.test_client(), viewer.email)
    elsewhere.log_in()
    thief = copy_of(viewer)
    assert is_logged_in(thief)
    assert viewer.send("/staff/logout").location == "/staff/login"
    assert not is_logged_in(thief)
    assert is_logged_in(elsewhere), "another session of the same person goes on"


def test_a_person_ends_all_their_sessions(office: Office) -> None:
    viewer = office.add_logged_in("viewer")
    elsewhere = StaffMember(office.app.test_client(), viewer.email)
    elsewhere.log_in()
    assert "In 2 browsers" in viewer.get("/staff/me").text
    assert viewer.send("/staff/me/log-out-everywhere").location == "/staff/login"
    assert "You are logged out everywhere." in viewer.get("/staff/login").text
    assert [is_logged_in(viewer), is_logged_in(elsewhere)] == [False, False]


def test_logging_in_again_ends_the_session_of_this_browser(office: Office) -> None:
    viewer = office.add_logged_in("viewer")
    thief = copy_of(viewer)
    with viewer.client.session_transaction("/staff/") as cookie_session:
        assert "began" not in cookie_session, "times are kept on the server"
    form = {"form_token": login_token(office), "email": viewer.email, "password": PASSWORD}
    assert viewer.client.post("/staff/login", data=form).status_code == 303
    assert [is_logged_in(viewer), is_logged_in(thief)] == [True, False]


def login_token(office: Office) -> str:
    """Return a token of the form of the log-in."""
    return hidden(office.app.test_client().get("/staff/login").text, "form_token")


def age(office: Office, **columns: datetime) -> None:
    """Change the times of all sessions."""
    with office.installation.records.writing() as session:
        session.execute(update(StaffSession).values(columns))


@pytest.mark.parametrize(("column", "life"), [("began_at", SESSION_LIFE), ("seen_at", SESSION_IDLE)])
def test_a_session_expires_on_the_server(office: Office, column: str, life: timedelta) -> None:
    viewer = office.add_logged_in("viewer")
    age(office, **{column: datetime.now(UTC) - life + timedelta(minutes=1)})
    assert is_logged_in(viewer)
    age(office, **{column: datetime.now(UTC) - life})
    assert not is_logged_in(viewer)


def test_a_request_asks_the_records_once_for_the_session_and_writes_once_a_minute(office: Office) -> None:
    viewer = office.add_logged_in("viewer")
    statements: list[str] = []
    engine = office.app.extensions["finder"].installation.records.engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "staff_session" in statement:
            statements.append(statement.split()[0])

    event.listen(engine, "before_cursor_execute", note)
    viewer.get("/staff/releases")
    assert statements == ["SELECT"]
    age(office, seen_at=datetime.now(UTC) - SEEN_EVERY - timedelta(seconds=1))
    statements.clear()
    for _ in range(2):
        viewer.get("/staff/releases")
    assert statements == ["SELECT", "UPDATE", "SELECT"]


@pytest.mark.parametrize(("url", "reason"), [
    ("postgresql+psycopg://127.0.0.1:1/nobody", "The records database does not answer"),
    ("sqlite:///.", "The program may not write where it keeps its files"),
])  # fmt: skip
def test_while_the_records_do_not_answer_nobody_is_in_and_sessions_go_on_afterwards(
    office: Office, monkeypatch: pytest.MonkeyPatch, url: str, reason: str
) -> None:
    viewer = office.add_logged_in("viewer")
    records = office.app.extensions["finder"].installation.records
    with monkeypatch.context() as away:
        away.setattr(records, "engine", create_engine(url))
        answer = viewer.get("/staff/releases")
    assert answer.status_code == 503
    assert reason in answer.text
    assert viewer.email not in answer.text
    assert is_logged_in(viewer)


def test_what_was_typed_can_still_be_sent_after_logging_in_again(office: Office) -> None:
    viewer = office.add_logged_in("viewer")
    old = viewer.token
    age(office, seen_at=datetime.now(UTC) - SESSION_IDLE)
    assert viewer.client.post("/staff/logout", data={"csrf_token": old}).location.startswith("/staff/login")
    viewer.log_in()
    assert viewer.client.post("/staff/logout", data={"csrf_token": old}).status_code == 303
    assert not is_logged_in(viewer)


def test_a_forged_cookie_is_no_session(office: Office) -> None:
    for value in ("x", "eyJfdXNlcl9pZCI6IjEuMSJ9.aaaaaa.bbbbbb"):
        client = office.app.test_client()
        client.set_cookie("finder_staff", value, path="/staff")
        assert client.get("/staff/").status_code == 302


def test_logging_in_redirects_to_the_requested_page_of_this_site_only(office: Office) -> None:
    viewer = office.add_member("viewer")
    login_url = viewer.get("/staff/audit?actor=x").location
    assert unescape(login_url) == "/staff/login?next=/staff/audit?actor%3Dx"
    targets = {
        "/staff/audit?actor=x": "/staff/audit?actor=x",
        "https://evil.example/staff/": "/staff/",
        "//evil.example/staff/": "/staff/",
        "/\\evil.example/staff/": "/staff/",
        "/staff/\\evil": "/staff/",
        "javascript:alert(1)": "/staff/",
        "/therapists": "/staff/",
    }
    for next_url, location in targets.items():
        page = viewer.get("/staff/login").text
        form = {"form_token": hidden(page, "form_token"), "email": viewer.email, "password": PASSWORD, "next": next_url}
        assert viewer.client.post("/staff/login", data=form).location == location
        viewer.client.delete_cookie("finder_staff", path="/staff")


def test_a_log_in_needs_a_form_of_this_site(office: Office) -> None:
    viewer = office.add_member("viewer")
    form = {"form_token": login_token(office), "email": viewer.email, "password": PASSWORD}
    assert viewer.client.post("/staff/login", data={**form, "form_token": "x"}).status_code == 422
    assert viewer.client.post("/staff/login", data=form, headers={"Origin": "https://evil.example"}).status_code == 403
    assert viewer.client.post("/staff/login", data=form, headers={"Origin": "http://localhost"}).status_code == 303


def test_a_link_sets_a_password_once(office: Office) -> None:
    viewer = office.add_logged_in("viewer")
    with office.installation.records.writing() as session:
        token = issue_link(session, get_account(session, viewer.email), by="test")
    address = f"/staff/password/{token}"
    other = office.app.test_client()
    form_token = hidden(other.get(address).text, "form_token")

    def send(first: str, second: str) -> int:
        data = {"form_token": form_token, "password": first, "again": second}
        return other.post(address, data=data).status_code

    assert send("short", "short") == 422
    assert send("one long enough password", "another long enough one") == 422
    assert send("one long enough password", "one long enough password") == 303
    assert send("one long enough password", "one long enough password") == 410
    assert other.get(address).status_code == 410
    assert not is_logged_in(viewer), "the old password's sessions have ended"
    assert viewer.log_in().status_code == 422
    assert viewer.log_in("one long enough password").status_code == 303


def test_changing_the_password_keeps_this_session_and_ends_the_others(office: Office) -> None:
    here = office.add_logged_in("viewer")
    elsewhere = StaffMember(office.app.test_client(), here.email)
    elsewhere.log_in()
    new = "a longer walk by the sea"
    form = {"current": "a wrong one", "password": new, "again": new}
    assert here.send("/staff/me/password", form).status_code == 422
    assert here.send("/staff/me/password", {**form, "current": PASSWORD}).status_code == 303
    assert [is_logged_in(here), is_logged_in(elsewhere)] == [True, False]


def test_an_administrator_adds_changes_and_deactivates_accounts(office: Office) -> None:
    admin = office.add_logged_in("admin")
    page = admin.send("/staff/accounts", {"email": " New@Example.org ", "role": "editor"})
    found = re.search(r'<code class="link-once">([^<]+)</code>', page.text)
    assert found
    link = urlsplit(unescape(found[1]))
    assert (link.scheme, link.netloc) == ("http", "localhost")
    assert office.app.test_client().get(link.path).status_code == 200
    with office.installation.records.reading() as session:
        number = get_account(session, "new@example.org").id
    assert admin.send("/staff/accounts", {"email": "new@example.org", "role": "editor"}).status_code == 422
    assert admin.send("/staff/accounts", {"email": "nonsense", "role": "editor"}).status_code == 422
    assert admin.send("/staff/accounts", {"email": "x@example.org", "role": "king"}).status_code == 422
    assert admin.send(f"/staff/accounts/{number}/role", {"role": "king"}).status_code == 400
    assert admin.send(f"/staff/accounts/{number}/role", {"role": "publisher"}).status_code == 303
    assert admin.send(f"/staff/accounts/{number}/nonsense").status_code == 404
    for action in ("deactivate", "reactivate", "log-out", "unlock", "remove-second-factor"):
        assert admin.send(f"/staff/accounts/{number}/{action}").status_code == 303
    assert link.path.rsplit("/", 1)[1] not in admin.get("/staff/audit").text
    log = admin.get(f"/staff/audit?subject_id={number}").text
    assert "deactivate account" in log


def test_the_last_administrator_can_be_neither_deactivated_nor_demoted(office: Office) -> None:
    admin = office.add_logged_in("admin")
    number = office.account(admin).id
    admin.send(f"/staff/accounts/{number}/deactivate")
    admin.send(f"/staff/accounts/{number}/role", {"role": "viewer"})
    assert "This is the only active administrator." in admin.get("/staff/accounts").text
    assert office.account(admin).role == "admin"
