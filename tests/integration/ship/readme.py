"""README.md as a person reads it who pastes."""

import re

from tests.integration.ship.images import REPOSITORY

README = (REPOSITORY / "README.md").read_text()


def blocks(text: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


def section(heading: str) -> str:
    """From its line to the next heading of its rank or of a higher one."""
    rank = heading.index(" ")
    start = README.index(f"\n{heading}\n") + 1
    after = re.search(rf"^#{{1,{rank}}} ", README[start + len(heading) :], re.MULTILINE)
    return README[start : start + len(heading) + after.start()] if after else README[start:]


def shell(heading: str) -> str:
    """Everything in it that is for a shell, one after the other."""
    return "\n".join(blocks(section(heading)))
