"""Write docs/cli.md from the commands themselves: `python docs/make_cli.py`."""

from pathlib import Path

import click
import typer

from kgraph.cli import app


def reference() -> str:
    """The command reference as Markdown."""
    group = typer.main.get_command(app)
    out = ["# Command reference", "", "Made by `python docs/make_cli.py`; a test compares it with the commands.", ""]
    context = click.Context(group)
    commands = dict(group.commands)
    for name, command in group.commands.items():
        commands |= {f"{name} {inner}": deeper for inner, deeper in getattr(command, "commands", {}).items()}
    for name in sorted(commands):
        command = commands[name]
        out += [f"## kgraph {name}", "", (command.help or "").strip(), ""]
        for parameter in command.get_params(context):
            if parameter.name == "help":
                continue
            label = ", ".join(parameter.opts) if parameter.opts[0].startswith("-") else parameter.name.upper()
            out.append(f"- `{label}`: {getattr(parameter, 'help', '') or ''}")
        out.append("")
    return "\n".join(out)


if __name__ == "__main__":
    Path(__file__).with_name("cli.md").write_text(reference(), encoding="utf-8")
