"""A linear programme that rows join: the next optimum starts where the last one ended."""

from dataclasses import replace

import numpy as np

from tefoundations.programmes import ROUNDING, LinearProgramme
from tefoundations.units import power, without_dust


class GrowingProgramme(LinearProgramme):
    """As `LinearProgramme`; rows may be added between two solves.

    A row that is added only takes points away. So bounds that were drawn in before stay where they do not bind, and the
    units of the columns stay as good as they were.
    """

    def add(self, matrix, low, high):
        """Add rows.

        Parameters
        ----------
        matrix : (r, n) float array or sparse array
        low, high : (r,) float arrays
            Their bounds.
        """
        from scipy.sparse import vstack

        added = without_dust(matrix, ROUNDING)
        self.matrix = vstack([self.matrix, added], format="csr")
        self.low, self.high = np.concatenate([self.low, low]), np.concatenate([self.high, high])
        if self._highs is None:
            return
        sizes = abs(added) @ self._along(added)
        row = 1 / power(sizes.max(axis=1).toarray().ravel())
        part = self._units.part[added.indices]
        first, sides = added.indptr[:-1], np.repeat(np.arange(len(row)), np.diff(added.indptr))
        if len(part) == 0 or (np.diff(added.indptr) == 0).any() or (part != part[first][sides]).any():
            self._highs = None  # rows that tie parts together, or hold nothing: units of their own would not do
            return
        units = self._units
        self._units = replace(units, row=np.concatenate([units.row, row]),
                              part_of_row=np.concatenate([units.part_of_row, part[first]]))  # fmt: skip
        self._highs.addRows(
            len(row), low * row, high * row, added.nnz, added.indptr[:-1].astype(np.int32), added.indices.astype(np.int32),
            added.data * row[sides] * units.column[added.indices],
        )  # fmt: skip

    def _along(self, added):
        from scipy.sparse import diags_array

        return diags_array(self._units.column, shape=(added.shape[1],) * 2)
