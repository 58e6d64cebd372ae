"""A group of commands whose modules are imported when they are asked for."""

import importlib
from collections.abc import Mapping
from typing import Any

import click


class Lazy(click.Group):
    """A group whose subcommands are named by path: name -> "module:attribute", in order."""

    def __init__(self, *args: Any, paths: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paths = paths

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.paths)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        path = self.paths.get(name)
        if path is None:
            return None
        module, attribute = path.split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command
