"""What a provider promises and what the specifications ask of a client, as data."""

from sparring.contracts.clauses import Clause, UnknownClauseError, clause, clauses, is_specification
from sparring.contracts.errors import ContractError
from sparring.contracts.facts import ProviderFacts, facts

__all__ = [
    "Clause",
    "ContractError",
    "ProviderFacts",
    "UnknownClauseError",
    "clause",
    "clauses",
    "facts",
    "is_specification",
]
