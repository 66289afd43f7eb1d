"""The errors of `parsers`.

* ParseError           one document or template cannot be used; `parse` turns it into a status, never into a crash
  - UnreadableDocument the bytes are not what they claim, or are damaged beyond reading
  - TemplateError      a template TOML does not hold together (file and key named)
"""


class ParseError(Exception):
    """Root of the tree."""


class UnreadableDocument(ParseError):
    """Raised by a reader; the message is the reason that the report's `reason` carries."""


class TemplateError(ParseError):
    """Raised on loading a template TOML that contradicts itself."""
