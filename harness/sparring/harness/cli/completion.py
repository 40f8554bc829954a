"""``sparring completion``: the lines that teach a shell to complete."""

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    r"""Print what makes a SHELL complete commands, providers, scenarios and checks.

    \b
    bash: eval "$(sparring completion bash)"     in ~/.bashrc
    zsh:  eval "$(sparring completion zsh)"      in ~/.zshrc, after compinit
    fish: sparring completion fish | source      in ~/.config/fish/config.fish
    """
    found = get_completion_class(shell)
    assert found is not None
    program = context.find_root()
    click.echo(found(program.command, {}, "sparring", "_SPARRING_COMPLETE").source())
