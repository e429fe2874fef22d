"""Explore: interactive figures and questions, one line for the live notebook and the static page; all drawing.

========================================  ================================================
What you want                             What to call
========================================  ================================================
a figure with controls                    `explore` with `Slider` and `Choice`
curves of a market, its book, its prices  `step_curves`, `order_book`, `session_prices`
who gains                                 `surplus_areas`, `surplus_bars`, `agent_surplus`
a network; who trades with whom on it     `network_map`, `trade_map`
what comes out of which chimney           `chimneys`
what an inverter can give                 `inverter_circle`
a day run in several ways                 `day_profile`, `share_lines`, `note_arrows`
the eight steps on their three planes     `day_planes`
trees, chains, logs and messages          `hash_tree`, `block_forks`, `replica_logs`, `message_paths`
plain bars and lines                      `bars`, `lines`
what more of a thing saves                `worth_areas`
what is wanted, and what rules give       `limit_bars`
questions that answer back                `questions` with `choose`, `number` and `think`
a prediction, and what became of it       `prediction` and `recall`
========================================  ================================================
"""

from tefoundations.explore.engine.controls import Choice, Slider
from tefoundations.explore.engine.exploration import explore, static_mode
from tefoundations.explore.figures.arcs import trade_map
from tefoundations.explore.figures.circles import inverter_circle
from tefoundations.explore.figures.curves import order_book, session_prices, step_curves
from tefoundations.explore.figures.days import day_profile, note_arrows, share_lines
from tefoundations.explore.figures.ledger.forks import block_forks
from tefoundations.explore.figures.ledger.logs import replica_logs
from tefoundations.explore.figures.ledger.messages import message_paths
from tefoundations.explore.figures.ledger.trees import hash_tree
from tefoundations.explore.figures.maps import network_map
from tefoundations.explore.figures.plain_bars import bars, chimneys
from tefoundations.explore.figures.plain_lines import lines
from tefoundations.explore.figures.planes import day_planes
from tefoundations.explore.figures.surplus import agent_surplus, surplus_areas, surplus_bars
from tefoundations.explore.figures.wishes import limit_bars
from tefoundations.explore.figures.worths import worth_areas
from tefoundations.explore.quiz.boxes import prediction, questions, recall
from tefoundations.explore.quiz.items import choose, number, think

__all__ = [
    # Interactive figures
    "explore", "Slider", "Choice",
    # Figures of a market
    "step_curves", "order_book", "session_prices", "lines", "bars",
    # Figures of a day
    "day_profile", "share_lines", "note_arrows", "day_planes",
    # Figures of a network
    "network_map", "trade_map", "chimneys", "inverter_circle", "limit_bars",
    # Figures of a ledger
    "hash_tree", "block_forks", "replica_logs", "message_paths",
    # Figures of who gains
    "surplus_areas", "surplus_bars", "agent_surplus", "worth_areas",
    # Questions to the reader
    "questions", "choose", "number", "think", "prediction", "recall",
]  # fmt: skip

if static_mode():
    from tefoundations.explore.engine.page import register

    register()
