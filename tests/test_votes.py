"""What a document says of the mission's task, of the quarrel or of the time before the exit votes for nothing."""

import pytest

from harmattan.claims.register import load_register


@pytest.fixture(scope="module")
def claims():
    return load_register().claims


def voted_on(claim) -> set[str]:
    """Return the drivers on which a claim votes, for or against."""
    return {d for d, bears in claim.drivers.items() if bears.supports is not None or bears.opposes is not None}


NO_VOTE = {
    "a mandate": """debate-fes-002-a debate-fes-002-b debate-fes-007-b debate-fes-007-c press-divorce-007-c
        press-divorce-007-d press-divorce-021-a press-divorce-021-b press-divorce-021-c press-divorce-023-d
        press-divorce-033-a press-divorce-033-b press-divorce-033-c press-divorce-039-a commentary-exit-003-b
        commentary-exit-003-c commentary-exit-003-d commentary-exit-003-e commentary-exit-007-a
        commentary-exit-007-h news-bnn-009-a news-bnn-009-b news-bnn-009-c news-bnn-009-d""",
    "the quarrel": """chat-bard-007-c chat-bard-009-a chat-bard-009-b press-divorce-043-a press-divorce-049-b
        press-divorce-057-c""",
    "before the exit": """chat-bard-027-b chat-bard-031-a chat-bard-031-b chat-bard-041-a chat-bard-041-d
        chat-bard-047-a chat-bard-049-a news-bnn-019-c""",
    "advice": "commentary-exit-019-f commentary-exit-019-g",
}


@pytest.mark.parametrize("kind", NO_VOTE)
def test_what_says_nothing_of_what_follows_has_no_vote(claims, kind):
    assert {key: voted_on(claims[key]) for key in NO_VOTE[kind].split() if voted_on(claims[key])} == {}


def test_what_the_mission_did_keeps_its_vote(claims):
    for key, driver in (
        ("chat-bard-071-c", "armed-group-posture"),
        ("chat-bard-072-b", "humanitarian-access"),
        ("news-bnn-013-b", "residual-mandate"),
        ("press-divorce-047-b", "rights-monitoring"),
    ):
        assert driver in voted_on(claims[key]), key


@pytest.mark.parametrize(
    ("key", "driver"),
    [
        ("news-bnn-013-b", "armed-group-posture"),
        ("chat-bard-071-d", "armed-group-posture"),
        ("chat-bard-013-a", "armed-group-posture"),
        ("chat-bard-084-b", "state-security-capacity"),
        ("chat-bard-071-a", "state-security-capacity"),
        ("news-bnn-015-b", "armed-group-posture"),
        ("news-bnn-015-c", "armed-group-posture"),
    ],
)
def test_a_claim_votes_only_on_what_it_says(claims, key, driver):
    assert driver in claims[key].drivers and driver not in voted_on(claims[key])


def test_a_word_of_size_belongs_to_what_it_is_said_of(claims):
    for key in ("commentary-exit-009-h", "news-bnn-013-b", "chat-bard-071-c", "chat-bard-071-d"):
        assert claims[key].magnitude == "", key
    assert claims["news-bnn-016-a"].hedge == "possibilities"
