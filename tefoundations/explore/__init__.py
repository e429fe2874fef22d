"""Explore: interactive figures, one line for the live notebook and the static page; all drawing."""

from tefoundations.explore.controls import Choice, Slider
from tefoundations.explore.curves import order_book, session_prices, step_curves
from tefoundations.explore.days import day_profile, note_arrows, share_lines
from tefoundations.explore.forks import block_forks
from tefoundations.explore.interactive import explore, static_mode
from tefoundations.explore.logs import replica_logs
from tefoundations.explore.maps import network_map
from tefoundations.explore.plain_bars import bars
from tefoundations.explore.plain_lines import lines
from tefoundations.explore.surplus import agent_surplus, surplus_areas, surplus_bars
from tefoundations.explore.trees import hash_tree

__all__ = [
    # Interactive figures
    "explore", "Slider", "Choice",
    # Figures of a market
    "step_curves", "order_book", "session_prices", "lines", "bars",
    # Figures of a day
    "day_profile", "share_lines", "note_arrows",
    # Figures of a network
    "network_map",
    # Figures of a ledger
    "hash_tree", "block_forks", "replica_logs",
    # Figures of who gains
    "surplus_areas", "surplus_bars", "agent_surplus",
]  # fmt: skip

if static_mode():
    from tefoundations.explore.page import register

    register()
