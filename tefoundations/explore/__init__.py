"""Interactive figures: one line in a chapter serves the live notebook and the static page."""

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
    "Choice", "Slider", "agent_surplus", "bars", "block_forks", "day_profile", "explore", "hash_tree", "lines", "network_map",
    "note_arrows", "order_book", "replica_logs", "session_prices", "share_lines", "step_curves", "surplus_areas", "surplus_bars",
]  # fmt: skip

if static_mode():
    from tefoundations.explore.page import register

    register()
