"""Checks of the chapter on reactive power."""

from math import copysign, hypot, sqrt

from tefoundations.exercises.kit.forms import numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import close
from tefoundations.grid import ACDispatch, ac_opf, branch_flow_opf, lindistflow_opf
from tefoundations.grid.feeder.prices import parts_of

# reactive_power/line_price


def loaded_line(rng):
    """(price, r, x, P, Q, line, voltage): flows either way, and multipliers that are often 0."""
    price, r, x = int(rng.integers(20, 91)), int(rng.integers(1, 9)) / 100, int(rng.integers(1, 9)) / 100
    P, Q = (int(each) / 10 for each in (rng.integers(-6, 11), rng.integers(-5, 8)))
    line = int(rng.integers(1, 31)) if rng.random() < 0.7 and (P or Q) else 0
    voltage = int(rng.integers(1, 21)) * 10 * int(rng.choice([1, 1, -1])) if rng.random() < 0.8 else 0
    return price, r, x, P, Q, line, voltage


def idle_line(rng):
    """Nothing flows, so the line is not full."""
    price, r, x, _, _, _, voltage = loaded_line(rng)
    return price, r, x, 0.0, 0.0, 0, voltage


def flows(P, Q):
    return P, Q


def line_price(
    price, r, x, P, Q, line, voltage, *, lossy=flows, loss=2, room=flows, size=hypot, drop=lambda r, x: (2 * r, 2 * x),
    energy=(1, 0),
):  # fmt: skip
    """[price of P, price of Q] at the end: energy, loss, the line's room, voltage; for each what a learner may take."""
    S, found = size(P, Q), []
    for own, lost, taken, fall in zip(energy, lossy(P, Q), room(P, Q), drop(r, x)):
        found.append(price * own + price * loss * r * lost + (line * taken / S if S else 0.0) + voltage * fall)
    return found


def parts_told(answer, price, r, x, P, Q, line, voltage):
    """What each of the two prices consists of."""
    S = hypot(P, Q) or 1.0
    for kind, had, own, flow, z in (("P", answer[0], price, P, r), ("Q", answer[1], 0, Q, x)):
        parts = {"loss": 2 * price * r * flow, "the line": line * flow / S, "voltage": 2 * z * voltage}
        parts = ({"energy": own} if own else {}) | parts
        if not close(had, float(sum(parts.values()))):
            said = ", ".join(f"{name} {part:.6g}" for name, part in parts.items())
            return f"its price of {kind} is {had:.6g}. The parts are: {said}. They add up to {sum(parts.values()):.6g}"
    return None


LINE_PRICE = exercise(
    "reactive_power/line_price", line_price,
    example=((40, 0.03, 0.06, 0.6, 0.8, 5, 50), [47.44, 11.92]),
    draw=loaded_line, also=(idle_line,), properties=(parts_told,),
    form=numbers(2, "two numbers are asked for: the price of P, then that of Q"),
    mistakes=(
        wrong("its megavar loses what a megawatt does. The line loses r (P² + Q²): one more Q adds 2 r Q, whatever P is.",
              lossy=lambda P, Q: (P, P)),
        wrong("r and x are swapped in the voltage. The square of the voltage falls by 2 (r P + x Q): r goes with P.",
              drop=lambda r, x: (2 * x, 2 * r)),
        wrong("its megavar takes the room of a megawatt on the full line. One more Q adds Q/S to S, not P/S.",
              room=lambda P, Q: (P, P)),
        wrong("it takes the average loss, r P and r Q. A square doubles at the margin: 2 r P and 2 r Q.", loss=1),
        wrong("it forgets the 2 in the voltage. The square of the voltage falls by 2 (r P + x Q).",
              drop=lambda r, x: (r, x)),
        wrong("it charges each of the two the whole multiplier of the line. One more P adds P/S to what it carries, one more"
              " Q adds Q/S.", size=lambda P, Q: 1.0, room=lambda P, Q: (1.0, 1.0)),
        wrong("its megavar pays for energy. It carries none: only what it makes the line lose costs energy.", energy=(1, 1)),
        wrong("a low voltage makes its power cheaper. Load pulls a voltage down, so at a lower limit load pays more: add.",
              drop=lambda r, x: (-2 * r, -2 * x)),
        almost("right, except where power flows up the line. More load relieves it then: leave P and Q their sign.",
               lossy=lambda P, Q: (abs(P), abs(Q)), room=lambda P, Q: (abs(P), abs(Q))),
    ),
    corners={
        "when no reactive power flows": lambda price, r, x, P, Q, *_: P != 0 and Q == 0,
        "when active power flows up the line": lambda price, r, x, P, *_: P < 0,
        "when reactive power flows up a full line": lambda price, r, x, P, Q, line, _: Q < 0 and line > 0,
        "when nothing flows": lambda price, r, x, P, Q, *_: P == Q == 0,
        "when a voltage is at its upper limit": lambda *case: case[-1] < 0,
        "when no limit is reached": lambda *case: case[-2] == case[-1] == 0,
    },
    forbids=(lindistflow_opf, branch_flow_opf, ac_opf, parts_of, ACDispatch.price_components),
    hints=("Write down what the line loses, what it carries and how far the voltage falls, as functions of P and Q.",
           "Take the derivative of each by P, and by Q. A price is the sum of these, each times what one unit of it costs.",
           "A megawatt costs the energy itself on top. A megavar does not."),
)  # fmt: skip

# reactive_power/inverter


def priced_inverter(rng):
    """(rating, sun, p_price, q_price): sun for all, for some or for none of the rating, prices of either sign."""
    rating, sun = int(rng.integers(5, 31)) / 10, int(rng.integers(0, 36)) / 10
    p_price = int(rng.integers(10, 91)) if rng.random() < 0.88 else -int(rng.integers(1, 21))
    q_price = int(rng.integers(5, 81)) * int(rng.choice([1, 1, -1])) if rng.random() < 0.9 else 0
    return rating, sun if rng.random() < 0.9 else 0.0, p_price, q_price


def direction(p_price, q_price):
    """Part of the rating that goes into megawatts where the sun does not limit it."""
    return max(p_price, 0) / hypot(p_price, q_price)


def on_the_circle(rating, p, *_):
    """Megavars that a rating leaves beside so many megawatts."""
    return sqrt(max(rating**2 - p**2, 0.0))


def inverter(rating, sun, p_price, q_price, *, part=direction, limit=min, left=on_the_circle, sign=copysign):
    """[MW, MVAr]: the part of the rating that prices give to megawatts, within the sun, and what is left for megavars."""
    p = limit(rating * part(p_price, q_price), sun)
    return [p, sign(left(rating, p, p_price, q_price), q_price) if q_price else 0.0]


def kept_within(answer, rating, sun, *_):
    P, Q = answer
    if P < -1e-9 or sun + 1e-9 < P:
        return f"it gives {P:.6g} MW. What there is goes from 0 to {sun:g} MW"
    if hypot(P, Q) > rating * (1 + 1e-9):
        return f"it gives {P:.6g} MW and {Q:.6g} MVAr, together {hypot(P, Q):.6g} MVA. The rating is {rating:g} MVA"
    return None


def earns_most(answer, rating, sun, p_price, q_price):
    """A small step along the circle, or onto it, that would earn more."""
    P, Q = answer
    earned = p_price * P + q_price * Q
    for p in (P, max(P - 0.01 * rating, 0.0), min(P + 0.01 * rating, sun, rating)):
        q = copysign(sqrt(max(rating**2 - p**2, 0.0)), q_price) if q_price else 0.0
        if p_price * p + q_price * q > earned + 1e-9 * rating * hypot(p_price, q_price):
            more = p_price * p + q_price * q
            return (
                f"it gives {P:.6g} MW and {Q:.6g} MVAr and earns {earned:.6g} $/h."
                f" With {p:.6g} MW and {q:.6g} MVAr it would earn {more:.6g}"
            )
    return None


INVERTER = exercise(
    "reactive_power/inverter", inverter,
    example=((1, 2, 60, 80), [0.6, 0.8]),
    draw=priced_inverter, properties=(kept_within, earns_most),
    form=numbers(2, "two numbers are asked for: MW, then MVAr"),
    mistakes=(
        wrong("it sells all the active power that it can, and reactive power only from what is left. Near the edge of the"
              " circle the last megawatt pushes out many megavars.", part=lambda p, q: float(p > 0)),
        wrong("it gives no active power at all. Each of the two has its price.", part=lambda p, q: 0.0),
        wrong("it shares the rating by the prices, as if MW and MVAr added up to it. It is P² + Q² that the rating limits.",
              part=lambda p, q: max(p, 0) / (abs(p) + abs(q)), left=lambda rating, p, *_: rating - p),
        wrong("it gives more active power than there is sun.", limit=lambda p, sun: p),
        wrong("it always gives reactive power. Where its price is negative, taking it is what pays.",
              sign=lambda q, price: q),
        almost("right, except where the sun gives less than the best point has: then the rest of the rating is free for"
               " reactive power, all of it.",
               left=lambda rating, p, p_price, q_price: rating * abs(q_price) / hypot(p_price, q_price)),
        almost("right, except where active power has a negative price: give none then, it need not be taken.",
               part=lambda p, q: p / hypot(p, q)),
    ),
    corners={
        "at night": lambda rating, sun, *_: sun == 0,
        "when the sun gives less than the best point has": lambda rating, sun, p, q: 0 < sun < rating * direction(p, q),
        "when reactive power has a negative price": lambda *case: case[-1] < 0,
        "when reactive power has no price": lambda *case: case[-1] == 0,
        "when active power has a negative price": lambda rating, sun, p, q: p < 0 < sun,
        "when there is sun for more than the rating": lambda rating, sun, *_: sun > rating,
    },
    forbids=(branch_flow_opf, lindistflow_opf, ac_opf),
    hints=("Forget the sun at first. Outputs of the same income lie on a straight line; where does it touch the circle?",
           "There the direction of (P, Q) is that of the two prices. Its length is the rating.",
           "If that is more active power than the sun gives, give what it gives, and fill the circle with reactive power."),
)  # fmt: skip

EXERCISES = (LINE_PRICE, INVERTER)
