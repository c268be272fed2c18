"""PyTensor without a compiler, for reference graphs that are called a few times: compiling C for them takes longer."""

from contextlib import contextmanager


@contextmanager
def plain_python(optimizer=None):
    """Yield the mode in which PyTensor calls its operations one by one."""
    import pytensor

    with pytensor.config.change_flags(cxx=""):  # otherwise constants are folded by C code that is compiled for it
        yield pytensor.compile.mode.Mode(linker="py", optimizer=optimizer)
