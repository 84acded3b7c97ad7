"""A package, so that `tests.fakes` is this one and not another distribution's top-level `tests`."""
