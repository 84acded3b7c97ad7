"""Reads pose files: YAML -> a pose, with each mistake by its line and what to do about it."""

from collections.abc import Iterator, Mapping

from chatbot.corpus.validation import Report, suggestion
from chatbot.corpus.yaml_mending import read
from chatbot.corpus.yaml_nodes import Mapping as Fields
from chatbot.corpus.yaml_nodes import Node, Scalar, Sequence
from chatbot.figures.angle_lines import joint_starts, joints_of, positions
from chatbot.figures.bodies import BODIES
from chatbot.figures.directions import ANGLES, PARTS
from chatbot.figures.muscles import REGIONS
from chatbot.figures.pose import Aim, Arrow, Contact, Pose, Step, View
from chatbot.figures.pose_values import (
    WrongNode,
    check_fields,
    choice_of,
    direction_of,
    fields_of,
    flag_of,
    items_of,
    meant,
    names_of,
    number_of,
    numbers_of,
    text_of,
)
from chatbot.figures.statements import Known, Statement, read_statement
from chatbot.figures.surfaces import SIZES, VIA, Prop, size_length
from chatbot.figures.touch_points import POINTS

_POSE = (
    "title",
    "alt",
    "view",
    "body",
    "pace",
    "zoom",
    "even",
    "trained",
    "from",
    "feel",
    "props",
    "contacts",
    "aims",
    "steps",
    "must",
)
_STEP = ("joints", "contacts", "aims", "stay", "keep", "loose", "balance", "arrows", "feel", "view", "from")
VIEWS: dict[str, View] = {
    "side": (0, 0),
    "left-side": (180, 0),
    "front": (90, 0),
    "back": (-90, 0),
    "front-right": (50, 12),
    "front-left": (130, 12),
    "back-right": (-50, 12),
    "back-left": (-130, 12),
    "top": (0, 75),
}
PACES = ("hold", "move", "")
_CONTACT = ("on", "x", "y", "z", "gap", "side")
MAX_STEPS = 4


def read_pose(name: str, text: str | None, report: Report) -> Pose | None:
    """The pose in the text of a file, or None when it cannot be drawn; what is wrong is reported by its line."""
    root, problems = read(text or "", ("title", "alt"))
    for problem in problems:
        report(problem.line, str(problem), "error")
    if isinstance(root, Fields) and not problems:
        try:
            return _Reader(name).pose(root)
        except WrongNode as error:
            report(error.line, str(error), "error")
    elif text is not None and not problems:
        report(1, "a pose is a list of `field: value` lines; begin with `title:`", "error")
    return None


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._props: tuple[Prop, ...] = ()

    def pose(self, root: Fields) -> Pose:
        check_fields(root, _POSE, "pose")
        for field in ("title", "alt", "steps"):
            if field not in root.items:
                raise WrongNode(root, f"a pose without {field!r}; add `{field}:`")
        self._props = tuple(self._prop(node) for node in items_of(root.items.get("props")))
        trained = flag_of(root, "trained")
        steps = tuple(self._steps(root, trained))
        body = choice_of(root, "body", BODIES)
        return Pose(
            self._name,
            text_of(root.items["title"]),
            text_of(root.items["alt"]),
            steps,
            self._props,
            tuple(self._statements(root)),
            body,
            choice_of(root, "pace", PACES) or "",
            choice_of(root, "zoom", POINTS) or "",
            flag_of(root, "even"),
            trained,
            {field: node.line for field, node in root.items.items()},
        )

    def _steps(self, root: Fields, trained: bool) -> Iterator[Step]:
        nodes = items_of(root.items["steps"])
        if not 1 <= len(nodes) <= MAX_STEPS:
            raise WrongNode(root.items["steps"], f"a pose has 1 to {MAX_STEPS} steps, not {len(nodes)}")
        before: dict[str, float] = {}
        for node in nodes:
            if not isinstance(node, Fields):
                raise WrongNode(node, "a step is a list of `field: value` lines, e.g. `- joints: {knee: 90}`")
            check_fields(node, _STEP, "step")
            start = choice_of(node, "from", positions()) or (
                choice_of(root, "from", positions()) if not before else None
            )
            before = {**(positions()[start] if start else before), **joints_of(node.items.get("joints"), trained)}
            yield self._step(root, node, dict(before))

    def _step(self, root: Fields, node: Fields, joints: Mapping[str, float]) -> Step:
        def of_both(field: str) -> Node | None:
            return node.items.get(field, root.items.get(field))

        return Step(
            joints,
            tuple(self._contacts(of_both("contacts"))),
            tuple(_aims(of_both("aims"))),
            tuple(names_of(node.items.get("stay"), POINTS, "point of the body")),
            tuple(joint_starts(node.items.get("keep"))),
            tuple(joint_starts(node.items.get("loose"))),
            flag_of(node, "balance", default=True),
            tuple(_arrow(arrow) for arrow in items_of(node.items.get("arrows"))),
            tuple(names_of(of_both("feel"), REGIONS, "place to feel it")),
            _view(of_both("view")),
            node.line,
        )

    def _prop(self, node: Node) -> Prop:
        if not isinstance(node, Fields) or "is" not in node.items:
            raise WrongNode(node, "a prop says what it is, e.g. `- {is: wall, x: 0.5}`")
        kind = text_of(node.items["is"])
        if kind not in SIZES:
            raise WrongNode(node, f"{kind!r} is no prop{suggestion(kind, SIZES)}; there are {', '.join(SIZES)}")
        extra = ("is", "name", "step", *(("via",) if kind in VIA else ()))
        check_fields(node, (*SIZES[kind], *extra), kind)
        sizes = {
            field: numbers_of(node.items[field], size_length(kind, field))
            for field in SIZES[kind]
            if field in node.items
        }
        name = text_of(node.items["name"]) if "name" in node.items else kind
        step = int(choice_of(node, "step", tuple(map(str, range(1, MAX_STEPS + 1)))) or 0)
        via = tuple(names_of(node.items.get("via"), POINTS, "point of the body"))
        if kind in VIA and len(via) < 2:
            raise WrongNode(node, f"a {kind} leads over two or more points: `via: [fist.R, arch.R]`")
        return Prop(kind, name, sizes, via, step)

    def _things(self) -> set[str]:
        return {"floor", *(prop.name for prop in self._props)}

    def _contacts(self, node: Node | None) -> Iterator[Contact]:
        for point, value in fields_of(node, "contacts are lines of `point: what it touches`"):
            if point not in POINTS:
                raise WrongNode(value, f"{point!r} is no point of the body{meant(point, POINTS)}")
            yield self._contact(point, value)

    def _contact(self, point: str, value: Node) -> Contact:
        if isinstance(value, Scalar):
            return Contact(point, self._touched(value))
        if not isinstance(value, Fields):
            raise WrongNode(value, "write what it touches, or `{on: …, x: …, y: …, z: …, gap: …, side: …}`")
        check_fields(value, _CONTACT, "contact")
        on = self._touched(value.items["on"]) if "on" in value.items else ""
        x, y, z = (number_of(value.items[axis]) if axis in value.items else None for axis in "xyz")
        gap = number_of(value.items["gap"]) if "gap" in value.items else 0.0
        side = direction_of(value.items["side"]) if "side" in value.items else None
        return Contact(point, on, (x, y, z), gap, side)

    def _touched(self, node: Node) -> str:
        name, known = text_of(node), (*self._things(), *POINTS)
        if name not in known:
            raise WrongNode(
                node, f"{name!r} is no thing of this pose and no point of the body{suggestion(name, known)}"
            )
        return name

    def _statements(self, root: Fields) -> Iterator[tuple[Statement, int]]:
        known = Known(ANGLES, (*POINTS, "head"), PARTS, self._things())
        for node in items_of(root.items.get("must")):
            try:
                yield read_statement(text_of(node), known), node.line
            except ValueError as error:
                raise WrongNode(node, str(error)) from error


def _aims(node: Node | None) -> Iterator[Aim]:
    for part, value in fields_of(node, "aims are lines of `part: direction`"):
        if part not in PARTS:
            raise WrongNode(value, f"{part!r} is no part that points{meant(part, PARTS)}")
        weighted = isinstance(value, Sequence) and len(value.items) == 4
        direction = Sequence(value.items[:3], value.line) if weighted and isinstance(value, Sequence) else value
        weight = number_of(value.items[3]) if weighted and isinstance(value, Sequence) else 1.0
        yield Aim(part, direction_of(direction), weight)


def _arrow(node: Node) -> Arrow:
    if not isinstance(node, Fields) or not {"at", "by"} <= node.items.keys():
        raise WrongNode(node, "an arrow has `at:` a point and `by:` two numbers, e.g. `- {at: hip.R, by: [0.15, 0]}`")
    check_fields(node, ("at", "offset", "by", "bend"), "arrow")
    at = next(names_of(node.items["at"], POINTS, "point of the body"))
    across, up = numbers_of(node.items["by"], 2)
    aside, above = numbers_of(node.items["offset"], 2) if "offset" in node.items else (0.0, 0.0)
    return Arrow(at, (aside, above), (across, up), number_of(node.items["bend"]) if "bend" in node.items else 0.0)


def _view(node: Node | None) -> View:
    if node is None:
        return VIEWS["side"]
    if isinstance(node, Scalar):
        name = text_of(node)
        if name not in VIEWS:
            raise WrongNode(
                node,
                f"{name!r} is no view{suggestion(name, VIEWS)}; there are {', '.join(VIEWS)}, or two numbers:"
                " degrees around and above",
            )
        return VIEWS[name]
    around, above = numbers_of(node, 2)
    return around, above
