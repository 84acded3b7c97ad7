"""The line at the foot of the screen. Terminals that do not report the cursor have none: nothing hangs on it."""

_PROMPTS_WITH_TIP = 2


def toolbar_text(questions: int | None, vi_mode: str, prompts: int) -> str:
    """What it says: `questions` is None until the bot is open, `vi_mode` is empty with Emacs's keys."""
    parts = [] if questions is None else [f"{questions:,} questions"]
    parts += ["offline", "/help"]
    if vi_mode:
        parts.append(f"vi: {vi_mode}")
    if prompts <= _PROMPTS_WITH_TIP:
        parts.append("Tab: questions like yours")
    return " " + " · ".join(parts)
