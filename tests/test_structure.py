"""The shape of the package: imports in one direction, small files, small functions, true exports."""

import ast
import importlib
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter

import pytest

import chatbot
from chatbot import errors
from tests.conftest import PROJECT

PACKAGE = PROJECT / "chatbot"
FILES = sorted(PACKAGE.rglob("*.py"))
# The rooms, from the ground up. A room imports from the rows above its own and from itself, nothing else; rooms of one
# row do not know each other. This is the architecture: CONTRIBUTING.md tells what each is for.
ROOMS = (
    ("records", "errors", "addresses", "settings", "files", "arrays"),
    ("text", "encoding"),
    ("corpus", "matching"),
    ("index", "figures"),
    ("building", "answering", "postgres"),
    ("checking", "page", "practice"),
    ("bot",),
    ("terminal", "serving", "exporting"),
    ("shell", "doors"),
    ("routines",),
    ("cli",),
    ("__main__",),
)
ROW_OF = {room: row for row, rooms in enumerate(ROOMS) for room in rooms}


def room_of(path):
    """`text` for chatbot/text/cleaning.py, `bot` for chatbot/bot.py."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def module_of(path):
    """`text.cleaning` for chatbot/text/cleaning.py."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def imports_of(path):
    """The modules of the package that a file names in imports, anywhere in it, those for type checkers too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == "chatbot":
            inside = node.module.partition(".")[2]
            for alias in node.names:
                below = f"{inside}.{alias.name}".removeprefix(".")
                if (PACKAGE / f"{below.replace('.', '/')}.py").exists():
                    yield below
                elif inside:
                    yield inside
        elif isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[2] for alias in node.names if alias.name.startswith("chatbot."))


def test_the_package_is_seen_whole():
    assert {room_of(path) for path in FILES} - {"__init__"} == set(ROW_OF)
    found = {module_of(path): set(imports_of(path)) for path in FILES}
    assert "index.store" in found["index.index"]
    assert {"bot", "shell", "building.build"} <= found["cli"]  # inside functions


def test_imports_go_upwards_only():
    for path in FILES:
        room = room_of(path)
        if room == "__init__":
            continue
        for module in imports_of(path):
            other = module.partition(".")[0]
            allowed = other == room or ROW_OF[other] < ROW_OF[room] or ROW_OF[other] == 0 == ROW_OF[room]
            assert allowed, f"{module_of(path)} imports {module}, which stands in a later room"


def test_no_circles():
    modules = {module_of(path): {*imports_of(path)} - {module_of(path)} for path in FILES if path.stem != "__init__"}
    try:
        TopologicalSorter(modules).prepare()
    except CycleError as error:
        raise AssertionError(f"a circle of imports: {' -> '.join(error.args[1])}") from error


def test_asking_loads_nothing_that_builds():
    program = "import sys, chatbot.bot; print(*sorted(name for name in sys.modules if name.startswith('chatbot.')))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=PROJECT, check=True)
    rooms = {name.split(".")[1] for name in loaded.stdout.split()}
    assert "answering" in rooms
    assert not rooms & {"building", "checking", "postgres", "terminal", "shell", "cli"}


def test_the_contributing_guide_names_every_room():
    guide = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for room in set(ROW_OF) - {"__main__"}:
        assert re.search(rf"^`{room}(?:/|\.py)?`|^\| `{room}(?:/|\.py)?`", guide, flags=re.MULTILINE), room


def test_only_one_module_knows_each_heavy_library():
    homes = {
        "faiss": {"matching.neighbours"},
        "torch": {"encoding.adapter", "encoding.export", "encoding.finetuning"},
        "sentence_transformers": {"encoding.adapter", "encoding.export", "encoding.finetuning"},
        "safetensors": {"encoding.adapter"},
        "onnxruntime": {"encoding.encoder"},
        "prompt_toolkit": {"shell"},
        "yaml": {"corpus.yaml_nodes"},
        "contourpy": {"figures.outlines"},
        "shapely": {"figures.outlines"},
        "chafa": {"terminal.pictures"},
        "resvg_py": {"terminal.pixels"},
        "PIL": {"terminal.pixels"},
        "markdown_it": {"text.html", "text.markdown"},
        "platformdirs": {"settings"},
        "icalendar": {"practice.calendar"},
        "psycopg": {"postgres"},
    }
    found = {name: set() for name in homes}
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        for name, modules in found.items():
            if re.search(rf"^\s*(?:import|from) {name}\b", text, flags=re.MULTILINE):
                modules.add(room_of(path) if room_of(path) in ("shell", "postgres") else module_of(path))
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
