"""How the maintainers teach an encoder what people write: texts, aims, and low-rank changes of weights."""
