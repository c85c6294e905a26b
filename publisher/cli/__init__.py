"""The command line: one file a group of commands; heavy modules are imported inside commands."""

import importlib

import click

COMMANDS = {
    "check": ("publisher.cli.check", "Report every mistake in the records."),
    "schema": ("publisher.cli.schema", "Write the JSON Schemas of the records."),
    "list": ("publisher.cli.listing", "List careers, backgrounds, skills, modules or paths."),
    "assess": ("publisher.cli.assess", "Find out where you stand: the career assessment."),
    "plan": ("publisher.cli.plan", "Print the plan for a reader."),
    "guide": ("publisher.cli.guide", "Make a reader's guide as PDF and EPUB."),
    "batch": ("publisher.cli.batch", "Make the guides of all readers in a file."),
    "build": ("publisher.cli.build", "Make every path guide, handbook and sample that is due."),
    "handbook": ("publisher.cli.handbook", "Make the handbook of a career, or its sample."),
    "doctor": ("publisher.cli.doctor", "Look whether our mail would arrive."),
    "bounces": ("publisher.cli.bounces", "Read the bounces and complaints that came back."),
    "serve": ("publisher.cli.serve", "Serve downloads, unsubscribing and confirming."),
    "cache": ("publisher.cli.cache", "Show or prune the cache of finished sections."),
    "campaign": ("publisher.cli.campaign", "Send a guide or a handbook to many, each once."),
    "outbox": ("publisher.cli.outbox", "Send the fresh links that readers have asked for."),
    "subscribers": ("publisher.cli.subscribers", "Keep the people who may be written to."),
}
"""Command to its module, which holds it as `command`, and its line in the help."""


class LazyGroup(click.Group):
    """A group that imports a command when it is called, so that --help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command = module.command
        assert isinstance(command, click.Command)  # noqa: S101  # holds for every row above
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="career-guides")
def main() -> None:
    """Publish career-transition guides from validated records.

    Exit status: 0 all well, 1 something failed and was reported, 2 wrong usage.
    """
