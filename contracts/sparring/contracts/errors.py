"""What is wrong with a contract."""


class ContractError(ValueError):
    """A contract file does not have the form that its readers rely on; the message names file and row."""
