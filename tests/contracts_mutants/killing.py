"""A mutant and the contract: a forked child loads the broken provider and tries the rows until one fails."""

import ast
import asyncio
import importlib.abc
import importlib.machinery
import importlib.util
import logging
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

from sparring.contracts import openapi
from sparring.contracts.loading import Contract, Trial, rules
from sparring.contracts.running import Verdict, run_trial
from sparring.mocks.engine.rules import Rule
from tests.contracts.places import Stages
from tests.contracts_mutants.mutator import Mutant, mutants

PATIENCE = 60
_ALIKE = frozenset({"rules", "__init__"})
"""Modules in which nothing is mutated: what only the developer reads, and who is on stage."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant: the trial that found it out, None where it lives on."""

    mutant: Mutant
    killer: str | None


class Ring:
    """One provider with its contract, ready to be broken again and again."""

    def __init__(self, provider: str) -> None:
        self.provider = provider
        self.package = f"sparring.mocks.providers.{provider}"
        self.contract: Contract = rules(provider)
        if openapi.has_document(provider):
            openapi.document(provider)
        spec = importlib.util.find_spec(self.package)
        assert spec is not None
        assert spec.origin is not None
        self.folder = Path(spec.origin).parent
        self.files = {path.stem: path for path in sorted(self.folder.glob("*.py"))}
        self.codes = {
            self._name(stem): compile(path.read_text(encoding="utf-8"), str(path), "exec")
            for stem, path in self.files.items()
        }
        found = vars(importlib.import_module(f"{self.package}.rules"))
        self.names = {name: rule.id for name, rule in found.items() if isinstance(rule, Rule)}
        self.covering: Mapping[str, Mapping[int, frozenset[int]]] | None = None

    def _name(self, stem: str) -> str:
        return self.package if stem == "__init__" else f"{self.package}.{stem}"

    def mutants(self) -> list[Mutant]:
        """Every mutant of every module."""
        found: list[Mutant] = []
        for stem, path in self.files.items():
            if stem not in _ALIKE:
                found += mutants(f"{self.provider}/{stem}", path.read_text(encoding="utf-8"))
        return found

    def cover(self) -> None:
        """Learn which trials run which lines, so that only those are tried that can tell."""
        lines: dict[str, dict[int, set[int]]] = {}
        stems = {str(path): stem for stem, path in self.files.items()}
        for number, trial in enumerate(self.contract.trials):
            for filename, line in _lines_of(self.contract, trial, frozenset(stems)):
                lines.setdefault(stems[filename], {}).setdefault(line, set()).add(number)
        self.covering = {stem: {line: frozenset(own) for line, own in found.items()} for stem, found in lines.items()}

    def try_out(self, mutant: Mutant) -> Outcome:
        """Fork, break the provider there, and try the rows."""
        order = self._order(mutant)
        if not order:
            return Outcome(mutant, None)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            self._in_child(mutant, order, writer)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            told = pipe.read().decode()
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return Outcome(mutant, f"signal {os.WTERMSIG(status)}")
        return Outcome(mutant, told or None)

    def _order(self, mutant: Mutant) -> list[Trial]:
        """The trials that can tell, those of the rules nearby first."""
        trials: Sequence[Trial] = self.contract.trials
        if self.covering is not None and mutant.lines is not None:
            known = self.covering.get(mutant.module.partition("/")[2], {})
            numbers = frozenset[int]().union(*(known.get(line, frozenset()) for line in mutant.lines))
            trials = [trials[number] for number in sorted(numbers)]
        near = {self.names[name] for name in mutant.rules if name in self.names}
        return sorted(trials, key=lambda trial: trial.rule.id not in near)

    def _in_child(self, mutant: Mutant, order: Sequence[Trial], writer: int) -> None:
        signal.alarm(PATIENCE)
        logging.disable(logging.CRITICAL)
        killer = ""
        try:
            self._load(mutant.module.partition("/")[2], mutant.broken()[0])
            killer = next((trial.id for trial in order if not self._holds(trial)), "")
        except BaseException as error:  # noqa: BLE001  what cannot even be loaded is found out
            killer = f"{type(error).__name__}: {error}"
        os.write(writer, killer.encode()[:500])
        os._exit(0)

    def _load(self, stem: str, tree: ast.Module) -> None:
        name = self._name(stem)
        codes = {**self.codes, name: compile(tree, str(self.files[stem]), "exec")}
        for known in [known for known in sys.modules if known == self.package or known.startswith(f"{self.package}.")]:
            del sys.modules[known]
        sys.meta_path.insert(0, _Finder(codes, self.package, self.folder))
        importlib.import_module(self.package)

    def _holds(self, trial: Trial) -> bool:
        result = asyncio.run(run_trial(self.contract, trial, Stages()))
        if result.verdict is not Verdict.HOLDS or result.rule != trial.rule.id:
            return False
        if not openapi.has_document(self.provider):
            return True
        judged = result.exchanges[:-1] if trial.undocumented else result.exchanges
        return not any(openapi.document(self.provider).violations(call, reply) for call, reply in judged)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads a provider's modules from code that is at hand."""

    def __init__(self, codes: Mapping[str, CodeType], package: str, folder: Path) -> None:
        self._codes = codes
        self._package = package
        self._folder = folder

    def find_spec(self, fullname: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        """The provider's own modules, and no others."""
        if fullname not in self._codes:
            return None
        spec = importlib.machinery.ModuleSpec(fullname, self, is_package=fullname == self._package)
        if fullname == self._package:
            spec.submodule_search_locations = [str(self._folder)]
        return spec

    def exec_module(self, module: ModuleType) -> None:
        """Run the code."""
        exec(self._codes[module.__name__], vars(module))


def _lines_of(contract: Contract, trial: Trial, files: frozenset[str]) -> Iterator[tuple[str, int]]:
    """The lines of those files that a trial runs."""
    seen: set[tuple[str, int]] = set()

    def local(frame: object, event: str, _: object) -> object:
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))  # type: ignore[attr-defined]
        return local

    def enter(frame: object, _: str, __: object) -> object:
        code = frame.f_code  # type: ignore[attr-defined]
        if code.co_filename not in files:
            return None
        seen.add((code.co_filename, frame.f_lineno))  # type: ignore[attr-defined]
        return local

    sys.settrace(enter)  # type: ignore[arg-type]
    try:
        asyncio.run(run_trial(contract, trial, Stages()))
    finally:
        sys.settrace(None)
    yield from seen
