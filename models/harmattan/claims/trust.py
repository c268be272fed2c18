"""How far a claim is believed: its grade, moved a little by what its source has earned where a scenario asks for it."""

from dataclasses import dataclass

GRADE_IS_WORTH = 20.0
"""Facts that a grade counts for beside those on which a source was tried. Judgement: ten facts, all of them or none
better foreseen than by chance, move a weight of one half by a sixth."""


@dataclass(frozen=True)
class Earned:
    """What a source earned by a month.

    Attributes
    ----------
    facts : int
        Settled facts on which it stated a probability, the exit's own schedule left out.
    better : float
        On how many of them its words came nearer to what happened than the reference did; even counts half.
    """

    facts: int
    better: float

    def moved(self, grade: float) -> float:
        """Return the weight of a grade as what was earned moves it.

        >>> Earned(10, 10.0).moved(0.5), Earned(0, 0.0).moved(0.5)
        (0.6666666666666666, 0.5)
        """
        return (GRADE_IS_WORTH * grade + self.better) / (GRADE_IS_WORTH + self.facts)
