"""Every parser of ours, by what it reads."""

from tests.fuzzing.parser import Parser
from tests.fuzzing.parsers import clients, exchanges, files, messages, providers, wishes

PARSERS: tuple[Parser, ...] = (
    *messages.PARSERS,
    *wishes.PARSERS,
    *exchanges.PARSERS,
    *files.PARSERS,
    *clients.PARSERS,
    *providers.PARSERS,
)
