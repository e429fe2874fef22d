"""Measured speeds that chapters draw: when a machine was timed, and which."""

from tefoundations.data.files import read_table


def measurements(name="clearing"):
    """Committed measurements of a benchmark.

    Parameters
    ----------
    name : {"clearing"}
        Which benchmark.

    Returns
    -------
    pandas.DataFrame
        One row a task, size and route: task, orders (how many), route, seconds (median of a few runs), ratio (to the
        first route of the same task and size, of the same run), machine.

    Raises
    ------
    TEError
        There is no such file, or it is not the one that was written.

    Examples
    --------
    >>> measured = measurements("clearing")
    >>> sorted(measured["task"].unique())
    ['uniform price', 'vcg']
    """
    return read_table(f"measurements/{name}")
