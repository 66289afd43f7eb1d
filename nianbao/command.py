"""What every command of the command line has in common: the group, the common options, exit codes, errors as one line.

Imports click only; everything else inside the functions.

Exit codes: 0 all done; 1 done, with failures that are listed; 2 wrong usage or unreadable configuration; 3 nothing
could be done.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from nianbao import __version__
from nianbao.errors import NianbaoError
from nianbao.voice import Language, Voice, language_of_locale

if TYPE_CHECKING:
    from nianbao.folder import DataFolder

ALL_DONE, WITH_FAILURES, WRONG_USAGE, NOTHING_DONE = 0, 1, 2, 3
Command = TypeVar("Command", bound=Callable[..., Any])
PATHS = click.Path(path_type=Path)


class Settings:
    """The common options, wherever they stood."""

    def __init__(self, given: dict[str, Any], default: str | None) -> None:
        self._named = given.get("data") or default or os.environ.get("NIANBAO_DATA") or "data"
        self.language = cast("Language", given.get("lang") or language_of_locale())
        self.voice = Voice(self.language, verbose=bool(given.get("verbose")), log_json=bool(given.get("log_json")))

    def folder(self) -> "DataFolder":
        """The data folder: `--data`, else the command's own default, else NIANBAO_DATA, else ./data."""
        from nianbao.folder import DataFolder

        return DataFolder(Path(self._named))


def common(command: Command, data: str | None = None) -> Command:
    """Adds the options that stand before or after every command; `data` is a command's own default folder."""
    shown = f"./{data}" if data else "NIANBAO_DATA or ./data"
    options = (
        click.option("--data", metavar="DIR", help=f"Data folder. 数据目录。 [default: {shown}]"),
        click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of messages. 提示语言。"),
        click.option("-v", "--verbose", is_flag=True, default=None, help="Say more. 显示更多。"),
        click.option("--log-json", is_flag=True, default=None, help="Messages as JSON lines. 以 JSON 输出提示。"),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _settings(context: click.Context, given: dict[str, Any], default: str | None) -> Settings:
    """What stood after the command counts more than what stood before it."""
    before = context.find_root().params
    names = ("data", "lang", "verbose", "log_json")
    return Settings({name: given[name] if given.get(name) is not None else before.get(name) for name in names}, default)


class InOrder(click.Group):
    """Lists the commands as they are defined: the way that data takes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@common
@click.version_option(__version__, prog_name="nianbao")
def main(**_: object) -> None:
    """Annual reports on government information disclosure as one clean, typed, checked dataset.

    政府信息公开工作年度报告：采集、解析、核对，成为一个数据集。
    """


def command(name: str, data: str | None = None) -> Callable[[Callable[..., int | None]], click.Command]:
    """A command whose function gets `settings` first and returns an exit code; errors of ours become one line. `data`
    is its own default folder, if it has one."""

    def wrap(function: Callable[..., int | None]) -> click.Command:
        def call(**given: object) -> None:
            settings = _settings(click.get_current_context(), given, data)
            for option in ("data", "lang", "verbose", "log_json"):
                given.pop(option)
            sys.exit(_guarded(function, settings, given))

        call.__doc__ = function.__doc__
        call.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
        return main.command(name)(common(call, data))

    return wrap


def _guarded(function: Callable[..., int | None], settings: Settings, given: dict[str, Any]) -> int:
    from crawler.errors import ArchiveError, PortalError

    try:
        return function(settings, **given) or ALL_DONE
    except NianbaoError as error:
        settings.voice.say("failure", reason=error)
        return error.exit_code
    except PortalError as error:
        settings.voice.say("failure", reason=error)
        return WRONG_USAGE
    except ArchiveError as error:
        settings.voice.say("failure", reason=error)
        return NOTHING_DONE
    except BrokenPipeError:
        raise  # whoever read the output has enough; click ends quietly
    except OSError as error:
        settings.voice.say("missing_file", path=error.filename or "?", reason=error.strerror or str(error))
        return NOTHING_DONE
    except _damages() as error:
        settings.voice.say("damaged_file", path=settings.folder().root, reason=str(error).partition("\n")[0])
        return NOTHING_DONE


def _damages() -> tuple[type[Exception], ...]:
    """What the libraries that read dataset and archive raise for a damaged file, as far as they are loaded."""
    import sqlite3

    found: list[type[Exception]] = [sqlite3.DatabaseError]
    if "duckdb" in sys.modules:
        import duckdb

        found.append(duckdb.Error)
    if "pyarrow" in sys.modules:
        import pyarrow as pa

        found.append(pa.ArrowException)
    return tuple(found)
