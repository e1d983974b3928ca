"""One reader per public format: from the bytes of a file to a layer with notices.

``registry.read_file`` recognizes files and calls their readers. A reader is a module with ``SOURCE``, ``recognizes``
and ``read`` (see ``base.Reader``); a new format is a new module and a line in the registry. Nothing is merged here.
"""
