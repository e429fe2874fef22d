"""Data: the community and the grids of the book, and measured speeds. Frames and plain records, never objects of a room.

What each file holds, its units and its origin: data/README.md, data/community/README.md and data/grids/README.md.

================================================  ===================
What you want                                     What to call
================================================  ===================
the community of the book                         `community`
a network of the grid chapters, the lane's cable  `grid`, `lane_grid`
the harbour of the quiz on markets                `harbour`
measured speeds                                   `measurements`
the path of a file                                `data_path`
================================================  ===================
"""

from tefoundations.data.files import data_path
from tefoundations.data.grids import grid
from tefoundations.data.harbours import harbour
from tefoundations.data.lane import lane_grid
from tefoundations.data.speeds import measurements
from tefoundations.data.tables import community
from tefoundations.data.village import Community

__all__ = ["community", "Community", "grid", "data_path", "harbour", "lane_grid", "measurements"]
