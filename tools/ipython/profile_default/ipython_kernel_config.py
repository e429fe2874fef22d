"""Kernels started by make: the same for everybody, whatever profile a contributor has at home."""

c = get_config()  # noqa: F821
c.IPKernelApp.log_level = "ERROR"  # a local kernel need not say each time that its messages are not encrypted
c.HistoryManager.enabled = False
