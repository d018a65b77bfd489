"""Runs a program with a terminal of its own, and says in JSON what came of it.

    python3 terminal.py [--stop SECONDS] [--close SECONDS] [--keys SECONDS=TEXT ...] -- PROGRAM ...

Reads what the terminal shows, unless `--stop` says that nothing is read for so long, and `--close`
that the terminal is closed then. Keys may hold escapes such as \\x03. Standard output says
{"shown", "code", "signal", "seconds"}.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


def main(words):
    stop, close, keys = 0.0, None, []
    while words[0] != "--":
        option, value = words[0], words[1]
        words = words[2:]
        if option == "--stop":
            stop = float(value)
        elif option == "--close":
            close = float(value)
        elif option == "--keys":
            moment, text = value.split("=", 1)
            keys.append((float(moment), text.encode().decode("unicode_escape").encode("latin-1")))
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 31, 101, 0, 0))
        os.execvp(words[1], words[1:])
    start, shown, status, is_open = time.monotonic(), b"", None, True
    while status is None or is_open:
        now = time.monotonic() - start
        if now > 50:
            os.kill(child, signal.SIGKILL)
        if close is not None and now > close and is_open:
            os.close(terminal)
            is_open = False
        while keys and now > keys[0][0]:
            os.write(terminal, keys.pop(0)[1])
        if is_open and (now > stop or stop == 0):
            if select.select([terminal], [], [], 0.02)[0]:
                try:
                    part = os.read(terminal, 65536)
                except OSError:
                    part = b""
                shown += part
                is_open = part != b""
        else:
            time.sleep(0.02)
        if status is None:
            ended, found = os.waitpid(child, os.WNOHANG | os.WUNTRACED)
            if ended and os.WIFSTOPPED(found):
                # As a shell does at `fg`.
                time.sleep(0.5)
                os.kill(child, signal.SIGCONT)
            elif ended:
                status = found
                seconds = time.monotonic() - start
                if stop > now:
                    stop = 0
    print(json.dumps({
        "shown": shown.decode("latin-1"), "seconds": seconds,
        "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
    }))


main(sys.argv[1:])
