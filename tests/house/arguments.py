"""The same word is the same argument everywhere: chance, lengths and positions in time, and the order in the grid."""

import dataclasses
import inspect
import re

from tests.house.docstrings import entries, public_members, sections

# What is said instead of another word.
WORDS = {
    "dt": "hours", "delta_t": "hours", "duration": "hours", "length": "hours", "period": "hours", "step_hours": "hours",
    "step_length": "hours", "hour": "step", "time_step": "step", "timestep": "step",
    "random": "rng", "random_state": "rng", "rnd": "rng", "seed": "rng", "loads": "load", "network": "net",
}  # fmt: skip
TYPES = {"step": "int", "hours": "float"}  # a position is counted, a length is measured
BOTH = re.compile(r"\bint\b.*\bfloat\b|\bfloat\b.*\bint\b")
NOISE = ("privacy.laplace", "privacy.discrete_laplace", "privacy.gaussian", "privacy.randomised_response")
EXCEPTIONS = {
    **{(name, "rng"): "a noise mechanism: value, sensitivity, epsilon, rng, as the literature says it" for name in NOISE},
    ("ledger.KeyPair", "seed"): "32 bytes that make a key, and no source of chance",
    ("ledger.KeyPair.from_seed", "seed"): "32 bytes that make a key, and no source of chance",
    ("ledger.consensus.proof_of_stake.proposer", "seed"): "32 public bytes that are hashed, and no source of chance",
    ("explore.Slider", "step"): "how far a slider jumps, in its own unit",
    ("systems.day_from_network", "profiles"): "the net and what its buses use: neither is a street without the other",
    **{(f"grid.{name}", "dispatch"): "a result, which holds its network"
       for name in ("response", "marginal_emissions", "traced_emissions")},
    ("grid.outage_flows", "flow"): "the net and what flows in it: of neither alone is there an answer",
    ("grid.stochastic_opf", "scenarios"): "they hold the loads, and stand where the load of others stands",
    ("grid.worth", "scenarios"): "they hold the loads, and stand where the load of others stands",
    ("grid.frequency_response", "step"): "the sudden loss in MW, as the field says it, and no position in time",
    ("grid.frequency_response", "inertia"): "one swinging mass, without a network",
    ("grid.scarcity_curve", "voll"): "a curve of worth, without a network",
    ("grid.loss_of_load", "load"): "units and load on one bus, without a network",
    ("grid.capacity_credit", "load"): "units and load on one bus, without a network",
    ("grid.expansion", "load"): "plants and load on one bus, without a network",
    ("grid.Network.from_frames", "buses"): "makes the network that others take first",
    ("grid.rights_payout", "dispatch"): "a result, which holds its network",
    ("grid.Dispatch.transfer_price", "from_bus"): "from one bus to another, as a trade is said",
}  # fmt: skip
BY_KEYWORD = ("slack", "susceptance")
BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def callables(name, obj):
    """A function, or a class as it is made and its public methods, as {name: (callable, whether it is a method)}."""
    if not inspect.isclass(obj):
        return {name: (obj, False)}
    found = {} if issubclass(obj, Exception) else {name: (obj, False)}
    for key, member in public_members(obj).items():
        if isinstance(member, (classmethod, staticmethod)) or inspect.isfunction(member):
            found[f"{name}.{key}"] = (getattr(obj, key), True)
    return found


def argument_faults(name, obj, exceptions=tuple(EXCEPTIONS)):
    """All faults in the arguments of a public function or class; `name` begins with the room."""
    faults = []
    for full, (function, is_method) in callables(name, obj).items():
        given = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
        found = [*_chance(given), *_words(given), *_times(function, given)]
        is_result = inspect.isclass(function) and dataclasses.is_dataclass(function)  # the package itself makes it
        if full.startswith("grid.") and not is_result:
            found += _order_of_method(given) if is_method else _order(given)
        elif not is_method and not is_result:
            found += _after_net(given)
        faults += [f"{full}: {words}" for argument, words in found if (full, argument) not in exceptions]
    return faults


def _chance(given):
    for p in given:
        if p.name == "rng" and p.default is not p.empty:
            yield "rng", "rng has a default, and must be said by the caller"
        if p.name == "rng" and p.kind in BY_POSITION:
            yield "rng", "rng must be given by keyword"


def _words(given):
    for p in given:
        if p.name in WORDS:
            yield p.name, f"{p.name} is called {WORDS[p.name]} everywhere"


def _times(function, given):
    """A position in time that is not documented as a whole number, or a length that is."""
    parts = sections(function.__doc__)
    said = entries(parts.get("Parameters") or parts.get("Attributes", ""))
    for p in given:
        kind = said.get(p.name, ("", ""))[0]
        if p.name in TYPES and (not kind.startswith(TYPES[p.name]) or BOTH.search(kind)):
            yield p.name, f"{p.name} must be documented as {TYPES[p.name]}"


def _order(given):
    """The grid's functions: the network, then the load, all else by keyword."""
    if not given or given[0].name != "net":
        yield given[0].name if given else "", "net must stand first"
    names = [p.name for p in given]
    if "load" in names[1:] and names[1] != "load":
        yield "load", "load must stand second"
    for p in given[1:]:
        if p.kind in BY_POSITION and p.name != "load":
            yield p.name, f"{p.name} must be given by keyword"


def _order_of_method(given):
    """The methods of the grid's classes take no network: one argument by position, and never a reference."""
    positional = [p for p in given if p.kind in BY_POSITION]
    for p in positional:
        if p.name in BY_KEYWORD:
            yield p.name, f"{p.name} must be given by keyword"
    if len(positional) > 1:
        yield positional[0].name, f"takes {', '.join(p.name for p in positional)} by position, at most one may be"


def _after_net(given):
    """Elsewhere a network may come second; what follows it is given by keyword."""
    names = [p.name for p in given]
    for p in given[names.index("net") + 1 :] if "net" in names else ():
        if p.kind in BY_POSITION and p.name != "load":
            yield p.name, f"{p.name} must be given by keyword"
