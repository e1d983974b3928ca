"""The application factory: settings, services, pages, API and commands, put together in one place."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from finder import cli, web
from finder.coverage import Figures
from finder.http import body_limits, hosts, proxy_watch
from finder.http.services import Services
from finder.places.gazetteer import Gazetteer
from finder.releases.current import CurrentDirectory
from finder.resources import TEMPLATES
from finder.settings import Settings


def build(settings: Settings | None = None) -> Flask:
    """Make the application from ``settings``, or from the environment. Raises WrongSetting."""
    settings = settings or Settings.from_env()
    settings.make_home()
    app = Flask("finder", template_folder=str(TEMPLATES), static_folder=None, static_url_path="/static")
    app.config.update(
        FINDER_SETTINGS=settings,
        SECRET_KEY=settings.signing_key(),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.extensions["finder"] = Services(
        settings=settings,
        current=CurrentDirectory(settings),
        gazetteer=Gazetteer.load(),
        figures=Figures.load(),
    )
    hosts.register(app, settings.hosts)
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    proxy_watch.register(app, settings.trusted_proxies)
    body_limits.register(app)
    web.register(app)
    cli.register(app)
    return app
