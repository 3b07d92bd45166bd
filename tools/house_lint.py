"""The house's own rules, as small checks over the syntax tree. Run: `python -m tools.house_lint [paths]`.

Each rule is one function from a parsed file to complaints, and begins with the trouble it prevents. Its good and bad
samples are its tests (`tests/architecture/test_house_lint.py`). `# house: RULE reason` on the line excuses one place.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

FILE_LIMIT = 400
FUNCTION_LIMIT = 40
EXCUSE = re.compile(r"#\s*house:\s*(?P<rule>[a-z-]+)\s+\S+")
SHARED_READS = frozenset({"figures", "queries"})


@dataclass(frozen=True)
class Source:
    """A file under `src/entrepot`: its path in posix form from there (`orders/services/place.py`), and its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The room the file belongs to (`services`, `queries`, `models`, `views` …): its stem or folder."""
        parts = self.path.removesuffix(".py").split("/")
        return parts[1] if len(parts) > 1 else parts[0]

    @property
    def floor(self) -> str:
        """The app the file belongs to (`orders`)."""
        return self.path.split("/")[0]


@dataclass(frozen=True)
class Complaint:
    rule: str
    path: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.words}"


Rule = Callable[[Source], Iterator[tuple[int, str]]]
RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    """Put a check on the list under its name."""

    def keep(check: Rule) -> Rule:
        RULES[name] = check
        return check

    return keep


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@rule("file-too-long")
def file_too_long(source: Source) -> Iterator[tuple[int, str]]:
    """The order file of every big project in this field rotted past 2,000 lines because nobody had a number."""
    lines = source.text.count("\n") + 1
    if lines > FILE_LIMIT and source.room != "models" and "/migrations/" not in source.path:
        yield 1, f"{lines} lines, at most {FILE_LIMIT}: make it a folder of verbs"


@rule("function-too-long")
def function_too_long(source: Source) -> Iterator[tuple[int, str]]:
    """What tells a tired house from a good one is its longest functions."""
    for node in _functions(source.tree):
        first = node.body[0]
        has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        start = first.end_lineno if has_docstring and first.end_lineno else node.lineno
        length = (node.end_lineno or start) - start
        if length > FUNCTION_LIMIT:
            yield node.lineno, f"{node.name} has {length} lines, at most {FUNCTION_LIMIT}: it is two"


@rule("import-inside")
def import_inside(source: Source) -> Iterator[tuple[int, str]]:
    """Imports hidden in functions hide cycles from the layer contracts (263 of them in one famous house)."""
    for function in _functions(source.tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield node.lineno, f"import inside {function.name}: imports stand at the top"


@rule("signals")
def signals(source: Source) -> Iterator[tuple[int, str]]:
    """A signal is a call that nobody can find."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            ("django.dispatch", "django.db.models.signals")
        ):
            yield node.lineno, "no Django signals: call the verb"


@rule("save-all-fields")
def save_all_fields(source: Source) -> Iterator[tuple[int, str]]:
    """`save()` without `update_fields` writes back every column it once read: a lost update."""
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "save"):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id in {"form", "self"}:
            continue
        if not any(word.arg in {"update_fields", "force_insert"} for word in node.keywords):
            yield node.lineno, "save(update_fields=[…]), or objects.create(…) for a new row"


@rule("objects-outside")
def objects_outside(source: Source) -> Iterator[tuple[int, str]]:
    """Screens, API and CLI ask `queries` and call `services`; a query written there forgets the seller one day."""
    if source.floor not in {"web", "api", "cli"}:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            yield node.lineno, "no .objects here: ask the app's queries"


@rule("verb-signature")
def verb_signature(source: Source) -> Iterator[tuple[int, str]]:
    """A verb's arguments are named at every call, and the ledger always knows who did it."""
    if source.room != "services":
        return
    if SHARED_READS & set(source.path.removesuffix(".py").split("/")):
        return
    for node in source.tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        names = [argument.arg for argument in node.args.kwonlyargs]
        if node.args.args and len(node.args.args) + len(node.args.posonlyargs) > 1:
            yield node.lineno, f"{node.name}: at most one positional argument, the rest keyword-only"
        if node.args.kwonlyargs and "actor" not in names and _writes(node):
            yield node.lineno, f"{node.name} writes, so it takes `actor`"


def _writes(function: ast.FunctionDef) -> bool:
    verbs = {"create", "bulk_create", "update", "delete", "get_or_create", "update_or_create", "save"}
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in verbs
        and ".objects" in ast.unparse(node.func)
        for node in ast.walk(function)
    )


@rule("queries-write")
def queries_write(source: Source) -> Iterator[tuple[int, str]]:
    """A question that changes the answer is not a question."""
    if source.room != "queries":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in {
            "bulk_create",
            "update_or_create",
            "get_or_create",
            "delete",
            "save",
        }:
            yield node.lineno, f"{node.attr} in queries: writing belongs in services"


@rule("queries-seller")
def queries_seller(source: Source) -> Iterator[tuple[int, str]]:
    """Every question names the seller it is asked for, or one day it answers with somebody else's rows."""
    if source.room != "queries":
        return
    for node in source.tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        named = {argument.arg for argument in arguments}
        asks = any(isinstance(part, ast.Attribute) and part.attr == "objects" for part in ast.walk(node))
        if asks and not named & {"seller", "seller_id", "membership", "user"}:
            yield node.lineno, f"{node.name} queries without a seller"


@rule("http-in-services")
def http_in_services(source: Source) -> Iterator[tuple[int, str]]:
    """Services know neither requests nor HTTP, so that CLI, API, screens and jobs can all call them."""
    if source.room not in {"services", "queries", "models", "flow"}:
        return
    for node in ast.walk(source.tree):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if name.startswith(("django.http", "httpx", "requests", "ninja")):
                yield node.lineno, f"{name} does not belong in {source.room}"


def check_text(path: str, text: str) -> list[Complaint]:
    """All complaints about one file, excused ones left out."""
    source = Source(path, text, ast.parse(text))
    lines = text.splitlines()
    found = []
    for name, check in RULES.items():
        for line, words in check(source):
            excuse = EXCUSE.search(lines[line - 1]) if line <= len(lines) else None
            if excuse is None or excuse["rule"] != name:
                found.append(Complaint(name, path, line, words))
    return found


def check_tree(root: Path) -> list[Complaint]:
    """All complaints about the Python files below `root`, migrations left out."""
    found = []
    for path in sorted(root.rglob("*.py")):
        if "migrations" not in path.parts:
            found += check_text(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    return found


def main() -> int:
    """Print every complaint; exit 1 when there is one."""
    complaints = check_tree(Path("src/entrepot"))
    for complaint in complaints:
        print(complaint)
    print(f"house lint: {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
