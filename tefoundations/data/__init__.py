"""Data: the community and the grids of the book, speeds, kept runs. Frames and plain records, never objects of a room.

What each file holds, its units and its origin: data/README.md, data/community/README.md and data/grids/README.md.

================================================  ===================
What you want                                     What to call
================================================  ===================
the community of the book                         `community`
a network of the grid chapters, the lane's cable  `grid`, `lane_grid`
the harbour of the quiz on markets                `harbour`
the valley of the quiz on strategy                `valley`
the fjord of the quiz on grids                    `fjord`
measured speeds                                   `measurements`
what lies gain under each rule of the book        `audits`
long runs of learners                             `learning_runs`
the path of a file                                `data_path`
================================================  ===================
"""

from tefoundations.data.files import data_path
from tefoundations.data.fjords import fjord
from tefoundations.data.grids import grid
from tefoundations.data.harbours import harbour
from tefoundations.data.lane import lane_grid
from tefoundations.data.long_runs import learning_runs
from tefoundations.data.regrets import audits
from tefoundations.data.speeds import measurements
from tefoundations.data.tables import community
from tefoundations.data.valleys import valley
from tefoundations.data.village import Community

__all__ = [
    "audits", "Community", "community", "data_path", "fjord", "grid", "harbour", "lane_grid", "learning_runs",
    "measurements", "valley",
]  # fmt: skip
