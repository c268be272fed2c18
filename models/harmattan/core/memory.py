"""How much memory a run may still take: what the machine has, its container allows and the shell has set."""

import resource
from collections.abc import Iterator
from pathlib import Path

_CONTROL_GROUPS = Path("/sys/fs/cgroup")
_OWN_GROUPS = Path("/proc/self/cgroup")


def available_bytes() -> int:
    """Return the bytes that this process may still take without anything being swapped or ended."""
    import psutil

    return max(0, min(psutil.virtual_memory().available, *_in_groups(), *_by_the_shell(psutil.Process())))


def _in_groups() -> Iterator[int]:
    """Yield what each control group that this process is in leaves; a container is one. Linux only."""
    try:
        lines = _OWN_GROUPS.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, inner = line.split(":", 2)
        if controllers in ("", "memory"):
            base = _CONTROL_GROUPS / controllers
            group = base / inner.strip("/")
            for folder in (group, *(above for above in group.parents if above.is_relative_to(base))):
                yield from _left_in(folder, controllers)


def _left_in(folder: Path, controllers: str) -> Iterator[int]:
    limit, used = (
        ("memory.limit_in_bytes", "memory.usage_in_bytes") if controllers else ("memory.max", "memory.current")
    )
    try:
        allowed = (folder / limit).read_text(encoding="utf-8").strip()
        taken = int((folder / used).read_text(encoding="utf-8"))
        kept = dict(line.split() for line in (folder / "memory.stat").read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError):
        return
    if allowed.isdigit():  # else "max"
        files = int(kept.get("total_inactive_file", kept.get("inactive_file", 0)))  # given back when asked for
        yield int(allowed) - taken + files


def _by_the_shell(process: "object") -> Iterator[int]:
    """Yield what a limit on the address space leaves (`ulimit -v`)."""
    allowed = resource.getrlimit(resource.RLIMIT_AS)[0]
    if allowed != resource.RLIM_INFINITY:
        yield allowed - process.memory_info().vms  # type: ignore[attr-defined]


def taken_bytes() -> int:
    """Return the bytes of memory that this process takes now."""
    import psutil

    return psutil.Process().memory_info().rss
