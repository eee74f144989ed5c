"""A class on one machine: JupyterHub, one process a student (notebooks/instructors.md, "Host")."""

import sys
from pathlib import Path

c = get_config()  # noqa: F821
c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # behind your web server, which speaks https
c.Authenticator.allow_all = True  # whoever has an account on this machine
c.Spawner.cmd = [sys.executable, str(Path(__file__).resolve().with_name("student.py"))]
c.Spawner.environment = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
c.Spawner.start_timeout = c.Spawner.http_timeout = 300  # when all of them start at once


def own_port(spawner):  # one drawn by chance may meanwhile be taken, by another student's kernel
    spawner.port = 10_000 + spawner.user.id


c.Spawner.pre_spawn_hook = own_port
