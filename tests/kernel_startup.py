"""What the kernel of each notebook begins with in a test run: no network, and at most 400 MB.

IPython runs the file that PYTHONSTARTUP names before the first cell. A cell that reaches for the
network raises; one that brings the kernel over the limit gets an error into its output when it is
done. Both fail the cell under nbval, whatever its tags.
"""


def begin():
    import os
    import socket
    import sys
    from pathlib import Path

    limit = 400  # MB; a class server gives each student about 512
    told = limit

    def most():
        """The most memory that this process has held, in MB.

        Not `ru_maxrss`: that begins with what the parent held when it started this process.
        """
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6

    def watch_memory(result):
        nonlocal told
        held = most()
        if held > told:  # once for each cell that takes more, not for all that follow
            told = held + 20  # to tell it takes some, too
            raise MemoryError(
                f"this kernel has held {held:.0f} MB, more than {limit}: work on some replicas at "
                "a time (utils.replicas.in_blocks)"
            )

    def is_here(host):
        return host in (None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1")

    def refusing(function, host_of):
        def guarded(*arguments, **options):
            if not is_here(host_of(*arguments)):
                raise RuntimeError(f"a notebook reached for the network: {host_of(*arguments)}")
            return function(*arguments, **options)

        return guarded

    def refuse_network():
        """The machine itself may be reached: event loops talk to themselves through a socket."""

        def host_of(sock, address, *_):
            inet = sock.family in (socket.AF_INET, socket.AF_INET6)
            return address[0] if inet else None

        for name in ("connect", "connect_ex"):
            setattr(socket.socket, name, refusing(getattr(socket.socket, name), host_of))
        socket.create_connection = refusing(
            socket.create_connection, lambda address, *_: address[0]
        )
        socket.getaddrinfo = refusing(socket.getaddrinfo, lambda host, *_: host)

    def round_otherwise(shell):
        """Where it is asked for, compute with the roundings of another machine: see jitter.py."""
        if "COURSE_JITTER" in os.environ:
            sys.path.append(str(Path(__file__).parent))
            from jitter import install_if_asked

            sys.path.pop()
            install_if_asked(shell)

    # python -i honours the same variable, and pytest looks into this file for examples
    ipython = sys.modules.get("IPython")
    shell = ipython and ipython.get_ipython()
    if shell is None:
        return
    round_otherwise(shell)
    refuse_network()
    told_here = Path("/proc/self/status").exists()  # by Linux; what fits there fits elsewhere
    if told_here and "COURSE_JITTER" not in os.environ:  # which holds copies of its own
        shell.events.register("post_run_cell", watch_memory)


begin()
del begin  # a notebook finds nothing here that it has not made itself
