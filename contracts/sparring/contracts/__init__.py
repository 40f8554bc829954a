"""What a provider promises and what the specifications ask of a client, as data."""

from sparring.contracts.clauses import Clause, ContractError, UnknownClauseError, clause, clauses

__all__ = ["Clause", "ContractError", "UnknownClauseError", "clause", "clauses"]
