"""What the code says in English when something is wrong, read from the source: every text that an error may carry.

From each error that is raised the texts are followed back: through f-strings, names, the functions that make them, and
the callers that hand them in. What a placeholder may hold counts as a text of its own.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from pathlib import Path

_EVERY = slice(None)
CARRIERS: dict[str, slice] = {
    **dict.fromkeys(("InputError", "DiagnosticsError", "UntoldError", "FailedTasksError", "say", "tell"), _EVERY),
    **dict.fromkeys(("warn", "step", "__init__"), slice(1)),
    "RefusedYamlError": slice(1, 2),
    "add": slice(2, None),
    "add_text": slice(1, None),
    "add_unknown": slice(2, 3),
    "ValueError": _EVERY,
}
"""Calls that carry a text to the reader, and which of their arguments do; `add` is that of `schema.validation`."""
READ_LATER = ("schema/", "claims/", "model/posterior.py", "run/kept.py", "tasks/results.py", "panel/outlines.py")
"""Where a ValueError is caught and told as an InputError or a notice; elsewhere it is a bug and shows its traceback."""
_WORDED = ("phrase", "translate", "terminal_words", "told", "listed", "months_said", "country_name", "unit_noun")
QUIET = frozenset((*_WORDED, "display_path", "shown", "repr", "in_words"))
"""Calls whose result is in the reader's language already, or is a path or a value."""
FIELDS = frozenset(("warnings", "doubts"))
"""Fields of records whose texts a command says."""
BLANK = "{}"
"""What stands where something unknown is filled in."""
_WORD = re.compile("[A-Za-z]{2,}")
_LETTERS = re.compile("[a-z]{2}")
_JOINING = frozenset(("join", "str", "list", "tuple", "sorted", "InputError"))
_ON_TEXT = frozenset(("items", "values", "get", "removeprefix", "removesuffix", "strip"))
_MOST_WAYS = 1000


@dataclass(frozen=True)
class Said:
    """One of the texts that an error may carry.

    Attributes
    ----------
    file : str
        Where it stands, below the package.
    line : int
    text : str
        `BLANK` stands for what is filled in and not known from the code.
    parts : tuple of str
        Texts of the code that were filled in.
    """

    file: str
    line: int
    text: str
    parts: tuple[str, ...] = ()


@dataclass
class Module:
    """One file of the package, parsed."""

    file: str
    tree: ast.Module

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        return {node.name: node for node in self.nodes if isinstance(node, ast.FunctionDef)}

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        found = {}
        for node in self.tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            for target in targets:
                if isinstance(target, ast.Name) and getattr(node, "value", None) is not None:
                    found[target.id] = node.value
        return found

    @cached_property
    def imported(self) -> dict[str, tuple[str, str]]:
        """Names that come from other files of the package: the file, and the name there."""
        found = {}
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom) and node.level:
                folder = Path(self.file).parents[node.level - 1]
                for name in node.names:
                    target = folder / (node.module or "").replace(".", "/")
                    found[name.asname or name.name] = (target.as_posix() + ".py", name.name)
        return found

    @cached_property
    def owner(self) -> dict[ast.AST, ast.FunctionDef]:
        """The innermost function that each node stands in."""
        found: dict[ast.AST, ast.FunctionDef] = {}
        for function in (n for n in self.nodes if isinstance(n, ast.FunctionDef)):  # outer ones come first
            found.update(dict.fromkeys((n for n in ast.walk(function) if n is not function), function))
        return found

    @cached_property
    def classes(self) -> dict[ast.AST, str]:
        """The class that each node stands in, by name."""
        owners = (one for one in self.nodes if isinstance(one, ast.ClassDef))
        return {inner: one.name for one in owners for inner in ast.walk(one)}

    def takes_from(self, home: "Module", name: str, call: ast.Call) -> bool:
        """Return whether a name that is called here is that of another file; a method, if anything is from there."""
        if isinstance(call.func, ast.Name):
            return self.imported.get(name) == (home.file, name)
        return not name.startswith("_") and any(file == home.file for file, _ in self.imported.values())


@dataclass
class Reader:
    """Follows texts through the modules of a package.

    Attributes
    ----------
    package : Path
    """

    package: Path
    _texts: dict[tuple[object, ...], list[Said]] = field(default_factory=dict)
    _handed: dict[tuple[str, str, str], list[Said]] = field(default_factory=dict)

    @cached_property
    def modules(self) -> dict[str, Module]:
        files = {file.relative_to(self.package).as_posix(): file for file in sorted(self.package.rglob("*.py"))}
        return {name: Module(name, ast.parse(file.read_text(encoding="utf-8"))) for name, file in files.items()}

    @cached_property
    def calls(self) -> dict[str, list[tuple[Module, ast.Call]]]:
        """All calls of the package by the name that is called."""
        found: dict[str, list[tuple[Module, ast.Call]]] = {}
        for module in self.modules.values():
            for node in module.nodes:
                if isinstance(node, ast.Call):
                    found.setdefault(_called(node), []).append((module, node))
        return found

    def read(self) -> list[Said]:
        """Return every text that an error may carry, each once for a file."""
        found: dict[tuple[str, str], Said] = {}
        for name, places in CARRIERS.items():
            for module, call in self.calls.get(name, ()):
                for argument in call.args[places] if _carries(module, call, name) else ():
                    for said in self._follow(module, argument):
                        if len(_WORD.findall(said.text)) < 2 and name != "add_unknown":
                            continue  # a name or a key
                        found.setdefault((said.file, said.text), said)
        return [said for said in found.values() if _LETTERS.search(said.text)]

    def _follow(self, module: Module, node: ast.expr | None) -> list[Said]:
        """Return the texts that an expression may be, as far as the code tells."""
        if node is None:
            return []
        key = (module.file, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        if key not in self._texts:
            self._texts[key] = []  # what goes in a circle ends here
            self._texts[key] = self._found(module, node)
        return self._texts[key]

    def _found(self, module: Module, node: ast.expr) -> list[Said]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return [Said(module.file, node.lineno, node.value)]
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)):
            parts = list(_parts(node))
            if isinstance(node, ast.JoinedStr) or any(isinstance(part, str | ast.IfExp) for part in parts):
                return self._filled(module, node)
            return [text for part in parts for text in self._follow(module, part)]  # lists that are put together
        if isinstance(node, ast.Name):
            return self._named(module, node)
        if isinstance(node, ast.Call):
            return self._call(module, node)
        if isinstance(node, ast.Attribute) and node.attr in FIELDS:
            given = self.given_to(node.attr)
            return [text for other, value in given for text in self._follow(other, value)]
        if isinstance(node, ast.IfExp | ast.BoolOp):
            return self._either(module, [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values)
        inside = self._values(module, node.value) if isinstance(node, ast.Subscript) else _inside(node)
        return [text for part in inside for text in self._follow(module, part)]

    def _values(self, module: Module, node: ast.expr) -> list[ast.expr]:
        """Return the values of a dict that is meant, or the expression itself."""
        meant = _assigned(module, node) if isinstance(node, ast.Name) else [node]
        return [value for one in meant if isinstance(one, ast.Dict) for value in one.values] or [node]

    def _either(self, module: Module, ways: list[ast.expr]) -> list[Said]:
        """Return the texts of one of several expressions; `BLANK` for one that the code does not tell."""
        found = [self._follow(module, way) for way in ways]
        return [text for way, texts in zip(ways, found, strict=True) for text in texts or [_unknown(module, way)]]

    def _filled(self, module: Module, node: ast.expr) -> list[Said]:
        """Return a text with whatever its placeholders may hold."""
        ways = [Said(module.file, node.lineno, "")]
        for part in _parts(node):
            if isinstance(part, str):
                ways = [replace(way, text=way.text + part) for way in ways]
                continue
            blank = _unknown(module, part)
            texts = [one if _is_wording(module, part, one.text) else blank for one in self._follow(module, part)]
            worded = any(_LETTERS.search(one.text) for one in texts)
            texts = list(dict.fromkeys(texts)) if worded else [blank]
            ways = [
                replace(way, text=way.text + one.text, parts=(*way.parts, one.text, *one.parts))
                for way in ways
                for one in texts
            ][:_MOST_WAYS]
        return ways

    def given_to(self, attribute: str) -> list[tuple[Module, ast.expr]]:
        """Return what records are made with for one of their fields."""
        found = []
        for owner in (node for module in self.modules.values() for node in module.tree.body):
            if isinstance(owner, ast.ClassDef):
                names = [node.target.id for node in owner.body if isinstance(node, ast.AnnAssign)]
                place = names.index(attribute) if attribute in names else None
                for module, call in self.calls.get(owner.name, ()) if place is not None else ():
                    named = [one.value for one in call.keywords if one.arg == attribute]
                    found += [(module, value) for value in named or call.args[place:][:1]]
        return found

    def _function(self, module: Module, node: ast.Call) -> tuple[Module, ast.FunctionDef] | None:
        name = _called(node)
        file, there = (module.file, name) if name in module.functions else module.imported.get(name, ("", ""))
        other = self.modules.get(file)
        return None if other is None or there not in other.functions else (other, other.functions[there])

    def _named(self, module: Module, node: ast.Name) -> list[Said]:
        values = _assigned(module, node)
        texts = self._either(module, values) if any(map(partial(self._follow, module), values)) else []
        function = module.owner.get(node)
        if function is not None and node.id in _parameters(function):
            texts = [*texts, *self._handed_in(module, function, node.id)]
        if not values and node.id in module.imported:
            file, name = module.imported[node.id]
            if file in self.modules:
                texts = [*texts, *self._follow(self.modules[file], self.modules[file].constants.get(name))]
        return texts

    def _handed_in(self, home: Module, function: ast.FunctionDef, parameter: str) -> list[Said]:
        """Return what callers hand in."""
        key = (home.file, function.name, parameter)
        if key not in self._handed:
            self._handed[key] = []
            place = _parameters(function).index(parameter)
            for module, call in self.calls.get(function.name, ()):
                if module is home or module.takes_from(home, function.name, call):
                    named = [keyword.value for keyword in call.keywords if keyword.arg == parameter]
                    for value in named or call.args[place:][:1]:
                        self._handed[key] += self._follow(module, value) or [_unknown(module, value)]
        return self._handed[key]

    def _call(self, module: Module, node: ast.Call) -> list[Said]:
        """Return what a call gives: a function of the package, or texts that are joined or laid out."""
        name = _called(node)
        if name in QUIET:
            return []
        if (found := self._function(module, node)) is not None:
            return self._either(found[0], _returned(found[1])) if self._tells(*found) else []
        if name in _JOINING:
            return [text for argument in node.args for text in self._follow(module, argument)]
        if name in _ON_TEXT and isinstance(node.func, ast.Attribute):
            texts = [text for one in self._values(module, node.func.value) for text in self._follow(module, one)]
            return texts
        return []

    def _tells(self, module: Module, function: ast.FunctionDef) -> bool:
        return any(self._follow(module, value) for value in _returned(function))


def _carries(module: Module, call: ast.Call, name: str) -> bool:
    if name == "ValueError":
        return module.file.startswith(READ_LATER)
    if name == "__init__":
        return module.classes.get(call, "").endswith("Error")
    if name == "add":
        inside = module.classes.get(call) == "Problems" and ast.unparse(call.func) == "self.add"
        return inside or ast.unparse(call.func).endswith("problems.add")
    if name == "add_text":
        return ast.unparse(call.func).endswith("problems.add_text")
    return True


def _is_wording(module: Module, part: ast.expr, text: str) -> bool:
    """Return whether what is filled in is wording: several words, or one that is chosen right there."""
    if " " in text.strip() or BLANK in text or not text:
        return True
    chosen = [part, *(_assigned(module, part) if isinstance(part, ast.Name) else ())]
    inside = [inner for one in chosen if isinstance(one, ast.IfExp) for inner in ast.walk(one)]
    return any(isinstance(inner, ast.Constant) and inner.value == text for inner in inside)


def _unknown(module: Module, node: ast.expr) -> Said:
    return Said(module.file, node.lineno, BLANK)


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _parameters(function: ast.FunctionDef) -> list[str]:
    """Return the names of the parameters that callers give."""
    given = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return [one.arg for one in given if one.arg not in ("self", "cls")]


def _parts(node: ast.expr) -> Iterator[str | ast.expr]:
    """Yield the parts of a text: what stands there, and the expressions that are filled in."""
    if isinstance(node, ast.Constant):
        yield str(node.value) if isinstance(node.value, str) else ""
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _parts(part)
    elif isinstance(node, ast.FormattedValue):
        yield node.value
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from (*_parts(node.left), *_parts(node.right))
    else:
        yield node


def _inside(node: ast.expr) -> list[ast.expr]:
    """Return what lies in an expression that is no text itself."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return node.elts
    if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp):
        return [node.elt]
    if isinstance(node, ast.Starred | ast.NamedExpr):
        return [node.value]
    return []


def _assigned(module: Module, node: ast.Name) -> list[ast.expr]:
    """Return what a name is given: in its function, else in its file."""
    function = module.owner.get(node)
    found = _names_of(function).get(node.id, []) if function is not None else []
    return found or ([module.constants[node.id]] if node.id in module.constants else [])


@cache
def _names_of(function: ast.FunctionDef) -> dict[str, list[ast.expr]]:
    """Return all that each name of a function is given."""
    found: dict[str, list[ast.expr]] = {}
    for one in ast.walk(function):
        pairs: Iterable[tuple[str, ast.expr]] = ()
        if isinstance(one, ast.Assign):
            pairs = (pair for target in one.targets for pair in _given(target, one.value))
        elif isinstance(one, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and one.value is not None:
            pairs = _given(one.target, one.value)
        elif isinstance(one, ast.For | ast.comprehension):
            pairs = [(_last(one.target), one.iter)]
        elif isinstance(one, ast.Call) and _called(one) in ("append", "extend") and isinstance(one.func, ast.Attribute):
            pairs = [(getattr(one.func.value, "id", ""), argument) for argument in one.args]
        for name, value in pairs:
            found.setdefault(name, []).append(value)
    return found


def _given(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names of a target with what each gets, where several are given at once too."""
    if isinstance(target, ast.Subscript):
        target = target.value  # what is added to one of a list
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(value, ast.IfExp):
        yield from (*_given(target, value.body), *_given(target, value.orelse))
    elif isinstance(value, ast.Call):
        yield _last(target), value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, given in zip(target.elts, value.elts, strict=False):
            yield from _given(one, given)


def _last(target: ast.expr) -> str:
    """Return the name that goes through a loop's values, or the last of several: what is said, after where."""
    last = target.elts[-1] if isinstance(target, ast.Tuple) else target
    return getattr(last, "id", "")


def _returned(function: ast.FunctionDef) -> list[ast.expr]:
    return [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) and node.value is not None
    ]
