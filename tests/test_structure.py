"""The shape of the package: imports in one direction, small files, small functions, true exports."""

import ast
import importlib
import re
from graphlib import CycleError, TopologicalSorter

import pytest

import chatbot
from chatbot import errors
from tests.conftest import PROJECT

PACKAGE = PROJECT / "chatbot"
FILES = sorted(PACKAGE.rglob("*.py"))
READING = {
    "bot",
    "conversation",
    "responder",
    "matcher",
    "index",
    "reply",
    "store",
    "encoder",
    "vectors",
    "lexical",
    "regression",
    "calibration",
    "spelling",
    "message",
}
WRITING = {"build", "export", "fitting", "centroids", "training", "vectorising"}
EDGES = {"cli", "__main__", "shell"}


def module_of(path):
    """`text` for chatbot/text.py; all of chatbot/shell is `shell`, and the package itself `__init__`."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports_of(path, late=True):
    """The modules of the package that a file imports when it runs; `late`: also those inside functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
        if not late and isinstance(node, ast.FunctionDef):
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "chatbot":
            yield from (alias.name if (PACKAGE / f"{alias.name}.py").exists() else "__init__" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("chatbot."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (alias.name.split(".")[1] for alias in node.names if alias.name.startswith("chatbot."))


def graph(late):
    found = {}
    for path in FILES:
        found.setdefault(module_of(path), set()).update(imports_of(path, late))
    return {module: imported - {module} for module, imported in found.items()}


def reachable(modules, start):
    seen, left = set(), [start]
    while left:
        left += [each for each in modules.get(left.pop(), ()) if each not in seen and not seen.add(each)]
    return seen


def test_the_package_is_seen_whole():
    modules = graph(late=True)
    assert {"cli", "shell", "bot", "build", "index", "errors"} <= set(modules)
    assert "store" in modules["index"]
    assert {"bot", "shell", "build"} <= modules["cli"]  # inside functions


def test_imports_go_in_one_direction():
    # A constructor that builds (`Chatbot.build`) reaches for the write path late; nothing else closes a circle.
    modules = graph(late=True)
    modules["bot"].discard("build")
    try:
        order = list(TopologicalSorter(modules).static_order())
    except CycleError as error:
        raise AssertionError(f"a circle of imports: {' -> '.join(error.args[1])}") from error
    assert set(order) == set(modules)


def test_the_read_path_and_the_write_path_never_import_each_other():
    at_import = graph(late=False)
    for module in READING - {"index", "store"}:
        assert not reachable(at_import, module) & WRITING, module
    for module in WRITING | {"corpus", "drafts", "formats"}:
        assert not reachable(graph(late=True), module) & {"bot", "conversation", "responder", "render", *EDGES}, module


def test_nothing_imports_the_edges():
    modules = graph(late=True)
    for module, imported in modules.items():
        if module not in EDGES:
            assert not imported & EDGES, module


def test_the_contributing_guide_names_every_module_below_those_it_imports():
    """A line of the guide's drawing names modules, then two spaces or more and what they are for."""
    text = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    drawing = next(
        block for block in text.split("```") if re.search(r"^corpus\b|\bcorpus  ", block, flags=re.MULTILINE)
    )
    modules = graph(late=True)
    places = {}
    for place, line in enumerate(drawing.splitlines()):
        # A single word is a module, several are the description.
        places |= {item.rstrip("/"): place for item in re.split(r" {2,}", line) if item.rstrip("/") in modules}
    assert set(modules) - {"__init__", "__main__"} <= set(places)
    modules["bot"].discard("build")
    for module, imported in modules.items():
        for other in imported - {"__init__"}:
            below = module in ("__init__", "__main__") or places[other] <= places[module]
            assert below, f"{module} imports {other}, which stands below it"


def test_only_one_module_knows_each_heavy_library():
    homes = {
        "faiss": {"vectors"},
        "torch": {"export", "tuning"},
        "sentence_transformers": {"export", "tuning"},
        "onnxruntime": {"encoder"},
        "prompt_toolkit": {"shell"},
        "yaml": {"yaml_nodes"},
        "markdown_it": {"markdown"},
        "platformdirs": {"settings"},
    }
    found = {name: set() for name in homes}
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        for name, modules in found.items():
            if re.search(rf"^\s*(?:import|from) {name}\b", text, flags=re.MULTILINE):
                modules.add(module_of(path))
    assert found == homes


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_functions_are_small(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno + 1 <= 40, node.name


def test_exports_are_sorted_and_true():
    assert chatbot.__all__ == sorted(chatbot.__all__)
    for name in chatbot.__all__:
        home = importlib.import_module(f"chatbot.{chatbot._HOMES[name]}")
        assert getattr(chatbot, name) is getattr(home, name)
        assert getattr(home, name).__module__ == home.__name__
    assert set(chatbot._HOMES) == set(chatbot.__all__)
    assert set(chatbot.__all__) <= set(dir(chatbot))
    with pytest.raises(AttributeError, match="module 'chatbot' has no attribute 'Nothing'"):
        chatbot.Nothing  # noqa: B018


def test_every_error_is_exported_and_drawn():
    tree = errors.__doc__
    for name, kind in vars(errors).items():
        if isinstance(kind, type) and issubclass(kind, Exception):
            assert name in chatbot.__all__
            assert issubclass(kind, errors.ChatbotError)
            assert re.search(rf"\b{name}\b", tree)


def test_the_library_does_not_print():
    for path in FILES:
        if path.name != "cli.py":
            calls = [
                node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
            ]
            assert not [
                call for call in calls if ast.unparse(call.func) in ("print", "pprint", "logging.basicConfig")
            ], path


def test_nothing_is_unpickled_or_evaluated():
    unsafe = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert not {alias.name for alias in node.names} & unsafe
            elif isinstance(node, ast.ImportFrom):
                assert node.module not in unsafe
            elif isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("eval", "exec", "os.system", "yaml.load", "yaml.unsafe_load"), path
                if called == "np.load":
                    assert "allow_pickle=False" in ast.unparse(node), path
