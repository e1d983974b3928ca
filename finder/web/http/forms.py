"""The form that staff post and its field for files, with the types that Flask-WTF does not have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage
    from wtforms import FileField, Form

    class PostedForm(Form):
        """A form that takes its values from the posted request (not with ``formdata=None``) and has a token."""

        def __init__(self, formdata: None = ..., *, data: Mapping[str, object] | None = None) -> None: ...

        def validate_on_submit(self) -> bool:
            """Check what was posted; before anything is posted, return False."""

    class FilesField(FileField):
        """A field for several files; those that were left empty are not among them."""

        data: list[FileStorage] | None
else:
    from flask_wtf import FlaskForm as PostedForm
    from flask_wtf.file import MultipleFileField as FilesField

__all__ = ["FilesField", "PostedForm"]
