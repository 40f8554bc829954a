"""What a provider of somebody's own is made of."""

from types import ModuleType

import pytest

from sparring.mocks import engine, kit
from sparring.mocks.engine import codes, pkce, scopes, tokens, users


@pytest.mark.parametrize("module", [codes, pkce, scopes, tokens, users], ids=lambda module: module.__name__)
def test_its_modules_are_those_of_the_engine(module: ModuleType) -> None:
    """A module of the kit's own with the same name would take its place."""
    name = module.__name__.removeprefix(f"{engine.__name__}.")
    assert getattr(kit, name) is module
    assert name in kit.__all__
