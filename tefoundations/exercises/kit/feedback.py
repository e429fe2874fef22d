"""What a check says: one of five states, and why."""

from dataclasses import dataclass
from html import escape

STATES = ("not defined", "still missing", "wrong", "almost", "correct")
# A sign and a border colour for the eye; the word says the same. The text takes the colour of where it stands: a theme
# may put a light box on a dark page.
SIGNS = {
    "not defined": ("○", "currentColor"),
    "still missing": ("○", "currentColor"),
    "wrong": ("✗", "#d0453a"),
    "almost": ("≈", "#b8720a"),
    "correct": ("✓", "#2f8f4e"),
}


@dataclass(frozen=True)
class Feedback:
    """The answer of `check`. It is true only when the state is "correct".

    Parameters
    ----------
    exercise : str
        Name of the exercise.
    state : str
        "not defined", "still missing", "wrong", "almost" or "correct".
    reason : str
        Why, in words.
    more : str
        What to do now: a hint that was asked for, or what comes after a correct answer.

    Examples
    --------
    >>> told = Feedback("double_auction/curves", "wrong", "it swaps the two.")
    >>> told
    double_auction/curves: wrong, because it swaps the two.
    >>> bool(told)
    False
    """

    exercise: str
    state: str
    reason: str
    more: str = ""

    def __bool__(self):
        return self.state == "correct"

    def __repr__(self):
        return f"{self.exercise}: {self.state}{self._link} {self.reason}\n{self.more}".rstrip()

    @property
    def _link(self):
        return ", because" if self.state == "wrong" else ":"

    def _repr_html_(self):
        sign, colour = SIGNS[self.state]
        kind = self.state.replace(" ", "-")
        more = f"<p>{escape(self.more)}</p>" if self.more else ""
        style = f"border: 1px solid {colour}; border-left-width: 0.4em; padding: 0.4em 0.8em; color: inherit"
        return (
            f'<div class="te-feedback te-feedback-{kind}" role="status" style="{style}">'
            f"{escape(self.exercise)} "
            f'<strong><span aria-hidden="true">{sign}</span> {self.state}</strong>{self._link} '
            f"{escape(self.reason)}{more}</div>"
        )
