"""What is given for a decision process, looked at once: rewards, chances, names, and what a policy does."""

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import as_array, number, numbers, sequence
from tefoundations.programmes import NEAR
from tefoundations.strategy.games.game_checks import distinct
from tefoundations.words import say, shown

MOST = 10_000_000  # chances, or rewards


def read_reward(reward):
    """Rewards as an array of their own, (states, actions) or (steps, states, actions); -inf where an action is barred."""
    given = as_array(reward)
    if given.ndim not in (2, 3) or 0 in given.shape:
        raise InvalidInput(f"reward must be of shape (states, actions), or (steps, states, actions), not {given.shape}")
    if given.size > MOST:
        raise InvalidInput(f"reward has {given.size:,} entries, and at most {MOST:,} are kept")
    read = numbers(given, "reward", ndim=None, infinite=True, place="state and action")
    for spot in np.argwhere(read == np.inf)[:1].tolist():
        raise InvalidInput(f"state and action {tuple(spot)}: reward inf must be finite, or -inf where the action is barred")
    for spot in np.argwhere(np.isneginf(read).all(axis=-1))[:1].tolist():
        raise InvalidInput(f"state {spot[-1]}: every action is barred{f' in step {spot[0]}' if len(spot) > 1 else ''}")
    return read


def names(given, number_of, what):
    """A name for each state or action, all different; by default their numbers."""
    if given is None:
        return tuple(range(number_of))
    named = tuple(one.item() if isinstance(one, np.generic) else one for one in sequence(given, what, of="names"))
    return distinct(named, what, number_of)


def read_transition(transition, is_open, states, actions):
    """Chances (states, actions, states) that add up to 1 wherever an action is open in some step."""
    shape = (*is_open.shape, len(states))
    given = as_array(transition)
    if given.shape != shape:
        raise InvalidInput(f"transition must be of shape {shape}, (states, actions, states), not {given.shape}")
    if given.size > MOST:
        raise InvalidInput(f"transition has {given.size:,} entries, and at most {MOST:,} are kept")
    read = numbers(given, "chance", ndim=None, place="state, action and next state")
    wrong = ((read < 0) | (read > 1 + NEAR)) & is_open[..., None]
    for state, action, after in np.argwhere(wrong)[:1].tolist():
        who = f"state {shown(states[state])}, action {shown(actions[action])}"
        raise InvalidInput(
            f"{who}: chance {say(read[state, action, after])} of state {shown(states[after])} must be from 0 to 1"
        )
    sums = read.sum(axis=2)
    for state, action in np.argwhere((np.abs(sums - 1) > NEAR) & is_open)[:1].tolist():
        who = f"state {shown(states[state])}, action {shown(actions[action])}"
        raise InvalidInput(f"{who}: chances of the next state add up to {say(sums[state, action])}, not to 1")
    return np.where(is_open[..., None], read, 0.0)


def read_discount(discount, is_endless):
    """A number from 0, below 1 where there is no end."""
    if is_endless and isinstance(discount, (int, float)) and discount == 1:
        raise InvalidInput(f"discount {discount} must be below 1: without a last step a sum of rewards has no end")
    return number(discount, "discount", least=0, below=1 if is_endless else None, most=None if is_endless else 1)


def check_sums(reward, discount):
    """Refuse rewards of which what is to come cannot be added up, because it is more than a number can hold."""
    with np.errstate(over="ignore"):
        largest = np.abs(reward[np.isfinite(reward)]).max() * (len(reward) if reward.ndim == 3 else 1 / (1 - discount))
    if not np.isfinite(2 * largest):
        raise InvalidInput("reward: what is to come adds up to more than a number can hold")


def read_policy(policy, reward, states, actions):
    """A policy as chances of the shape of `reward`, which must bar nothing that it does."""
    given, has_steps = as_array(policy), reward.ndim == 3
    if given.dtype.kind in "iu" and given.size:
        taken = _spread(given, reward.shape[:-1], has_steps, "policy of whole numbers, one action for each state,")
        for spot in np.argwhere((taken < 0) | (taken >= len(actions)))[:1].tolist():
            raise InvalidInput(
                f"state {shown(states[spot[-1]])}: action {taken[tuple(spot)]} is none of 0 to {len(actions) - 1}"
            )
        chances = np.zeros(reward.shape)
        np.put_along_axis(chances, taken[..., None], 1.0, axis=-1)
    else:
        read = numbers(given, "chance", ndim=None, least=0, place="state and action")
        chances = _spread(read, reward.shape, has_steps, "policy of chances, one for each state and action,")
        for spot in np.argwhere(np.abs(chances.sum(axis=-1) - 1) > NEAR)[:1].tolist():
            total = say(chances[tuple(spot)].sum())
            raise InvalidInput(f"state {shown(states[spot[-1]])}: chances of the actions add up to {total}, not to 1")
    for spot in np.argwhere((chances > 0) & np.isneginf(reward))[:1].tolist():
        step = f"step {spot[0]}, " if has_steps else ""
        raise InvalidInput(f"{step}state {shown(states[spot[-2]])}: action {shown(actions[spot[-1]])} is barred there")
    return chances


def _spread(given, shape, has_steps, what):
    """The same in every step, where steps are not told apart."""
    if given.shape != shape and not (has_steps and given.shape == shape[1:]):
        raise InvalidInput(f"a {what} must be of shape {shape}, not {given.shape}")
    return np.broadcast_to(given, shape)
