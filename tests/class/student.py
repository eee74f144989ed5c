"""What JupyterHub starts for a student, as the student: copies of the notebooks, then Lab on them.

The student's folder `course` holds links to the library and the originals, and the copies in
`work`: as with ``python3 -m utils lab`` none of them is ever overwritten, and a notebook that has
changed since comes beside its copy.
"""

import os
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(COURSE))

from utils.commands.copies import (  # noqa: E402
    NEWS,
    copy_notebooks,
    news_of_originals_gone,
    put_up_news,
)
from utils.commands.lab import FIRST_NOTEBOOK, ask_nothing, keep_explorers  # noqa: E402


def lay_out(mine: Path) -> None:
    """Make a student's course folder, or bring it up to date."""
    mine.mkdir(parents=True, exist_ok=True)
    for name in ("utils", "notebooks"):
        link = mine / name
        if link.is_symlink():  # the course may have moved
            link.unlink()
        link.symlink_to(COURSE / name)
    news = copy_notebooks(mine, put_new_beside=True)
    put_up_news(mine / "work" / NEWS, news + news_of_originals_gone(mine))


def main() -> None:
    """Lay out the folder, then become the student's server."""
    mine = Path.home() / "course"
    lay_out(mine)
    ask_nothing(Path.home() / ".jupyter")
    keep_explorers(mine / ".settings")
    page = f"/lab/tree/work/{FIRST_NOTEBOOK}"
    options = [f"--ServerApp.root_dir={mine}", f"--ServerApp.default_url={page}"]
    options += [f"--LabApp.app_settings_dir={mine / '.settings'}", "--LabApp.news_url=None"]
    program = Path(sys.executable).with_name("jupyterhub-singleuser")
    os.execv(program, [str(program), *options, *sys.argv[1:]])


if __name__ == "__main__":
    main()
