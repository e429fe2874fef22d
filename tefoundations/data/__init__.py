"""Data: the community and the grids of the book, and measured speeds. Frames and plain records, never objects of a room.

What each file holds, its units and its origin: data/README.md, data/community/README.md and data/grids/README.md.
"""

from tefoundations.data.files import data_path
from tefoundations.data.grids import grid
from tefoundations.data.harbours import harbour
from tefoundations.data.lane import lane_grid
from tefoundations.data.loading import community
from tefoundations.data.measured import measurements
from tefoundations.data.village import Community

__all__ = ["community", "Community", "grid", "data_path", "harbour", "lane_grid", "measurements"]
