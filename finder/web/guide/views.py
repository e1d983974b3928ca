"""The guide: its first page, one short page for each topic, and all of it on one page to print.

The words lie in ``data/guide`` and are read by ``guide_content``; ``guide_page`` joins them with the figures of today.
"""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from finder.http.services import services
from finder.web.guide.content import Topic, guide
from finder.web.guide.topic_page import Chapter, chapter

blueprint = Blueprint("guide", __name__)


@blueprint.get("/guide")
def index() -> str:
    """Show what the guide holds."""
    return render_template("guide/index.html", guide=guide())


@blueprint.get("/guide/all")
def whole() -> str:
    """Show the whole guide on one page, to print or to search in."""
    return render_template("guide/whole.html", chapters=[_chapter(topic) for topic in guide().topics])


@blueprint.get("/guide/<slug>")
def topic(slug: str) -> str:
    """Show one topic."""
    found = guide().topic(slug) or abort(404)
    before, after = guide().neighbours(found)
    return render_template("guide/topic.html", chapter=_chapter(found), before=before, after=after)


def _chapter(topic: Topic) -> Chapter:
    return chapter(topic, services().figures.parameters, services().today())
