"""The settings of one run, read once at the edge: the only reader of the environment and of the clock's date."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from finder.digits import whole_number
from finder.disk import DiskFull, disk_error
from finder.errors import FinderError

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_IPV6 = re.compile(r"\[[0-9a-fA-F]*:[0-9a-fA-F.:]+\]")


class WrongSetting(FinderError):
    """A setting in the environment cannot be used."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where the state lies and how the application behaves: each name is an environment variable ``FINDER_<NAME>``."""

    home: Path = Path("instance")
    """Folder of the state: the records database, releases, layers, drafts, the secret key."""
    database_url: str = ""
    """SQLAlchemy URL of the records database; empty: SQLite in ``home``."""
    releases_url: str = ""
    """The release store: a folder, or any URL that fsspec knows (``s3://…``); empty: a folder in ``home``."""
    today: date | None = None
    """Overrides the date of today (ISO), for tests and for looking back."""
    secret_key: str = field(default="", repr=False)
    """Signs forms and sessions; empty: made once and kept in ``home``, mode 0600."""
    trusted_proxies: int = 0
    """How many reverse proxies to believe about the client's address, scheme and host."""
    hosts: tuple[str, ...] = ()
    """The names of this site, without port; others are refused. Empty: any is answered."""
    metrics_token: str = field(default="", repr=False)
    """Bearer token of ``/metrics``; empty: the page is off."""
    two_person_rule: bool = True
    """Whether publishing on the staff pages needs another person than the one who staged."""
    geocoder_url: str = ""
    """A Nominatim-compatible service for street addresses; empty: none is asked."""
    tiles_url: str = ""
    """Street map tiles, asked for only when a visitor presses for them; empty: none are offered."""
    styleguide: bool = False
    """Whether the developers' page of all components is served."""
    unpack_limit_gb: int = 100
    """Gigabytes that the files of one command may unpack to; what people upload has a limit of its own."""
    contact: str = ""
    """How to reach the people who run this site, as the statements show it: an e-mail address, a telephone number."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from the environment. Raises WrongSetting with the variable's name."""
        env = os.environ if environ is None else environ
        return cls(
            home=Path(env.get("FINDER_HOME") or "instance").absolute(),
            database_url=env.get("FINDER_DATABASE_URL", ""),
            releases_url=env.get("FINDER_RELEASES_URL", ""),
            today=_date(env, "FINDER_TODAY"),
            secret_key=env.get("FINDER_SECRET_KEY", ""),
            trusted_proxies=_count(env, "FINDER_TRUSTED_PROXIES"),
            hosts=_hosts(env, "FINDER_HOSTS"),
            metrics_token=env.get("FINDER_METRICS_TOKEN", ""),
            two_person_rule=_switch(env, "FINDER_TWO_PERSON_RULE", default=True),
            geocoder_url=env.get("FINDER_GEOCODER_URL", ""),
            tiles_url=env.get("FINDER_TILES_URL", ""),
            styleguide=_switch(env, "FINDER_STYLEGUIDE", default=False),
            unpack_limit_gb=_count(env, "FINDER_UNPACK_LIMIT_GB", default=cls.unpack_limit_gb, digits=5),
            contact=env.get("FINDER_CONTACT", ""),
        )

    def current_date(self) -> date:
        """Today, in the time zone of the machine, unless overridden."""
        return self.today or datetime.now(UTC).astimezone().date()

    def records_url(self) -> str:
        """The URL of the records database."""
        return self.database_url or f"sqlite:///{self.home / 'records.sqlite'}"

    def release_store(self) -> str:
        """The folder or URL of the release store."""
        return self.releases_url or str(self.home / "releases")

    def make_home(self) -> None:
        """Make ``home``, for its owner alone, where it is not there yet. Raises WrongSetting."""
        with _in_home(self.home):
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)

    def signing_key(self) -> str:
        """The secret key: the one given, else the one kept in ``home``, made now if there is none.

        Raises WrongSetting where nothing can be kept there.
        """
        if self.secret_key:
            return self.secret_key
        self.make_home()
        with _in_home(self.home):
            return _kept_secret(self.home / "secret-key")


@contextmanager
def _in_home(home: Path) -> Iterator[None]:
    """Return which setting is to blame where the folder of the state cannot be used."""
    try:
        yield
    except OSError as error:
        if isinstance(refused := disk_error(error), DiskFull):
            raise refused from error
        raise WrongSetting(
            f"FINDER_HOME is {home}: {error.strerror}. Choose a folder that this program may write to."
        ) from error


def _kept_secret(path: Path) -> str:
    """Read the secret at ``path``, or make it: of two processes starting together both end up with the same one."""
    mine = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(mine, path)
        finally:
            mine.unlink()
    return path.read_text(encoding="ascii")


def _date(env: Mapping[str, str], name: str) -> date | None:
    text = env.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongSetting(f"{name} is {text!r}: a date is written like 2026-11-20.") from None


def _count(env: Mapping[str, str], name: str, *, default: int = 0, digits: int = 3) -> int:
    text = env.get(name, "") or str(default)
    number = whole_number(text, digits)
    if number is None:
        raise WrongSetting(f"{name} is {text!r}: a whole number is needed.")
    return number


def _hosts(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Read host names, separated by commas: lower case, in ASCII, an IPv6 address without its brackets."""
    found = []
    for text in filter(None, (part.strip() for part in env.get(name, "").split(","))):
        try:
            host = (text[1:-1] if _IPV6.fullmatch(text) else text).lower().encode("idna").decode("ascii")
        except UnicodeError:
            host = ""
        if not (_HOST.fullmatch(host) or _IPV6.fullmatch(f"[{host}]")):
            raise WrongSetting(f"{name} has {text!r}: names are written like finder.example.org, with commas between.")
        found.append(host)
    return tuple(found)


def _switch(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = env.get(name, "").lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    if text:
        raise WrongSetting(f"{name} is {text!r}: say 1 or 0.")
    return default
