"""Runs a command and says what it cost."""

import os
import subprocess
import tempfile


def processor_time(command, threads):
    """Runs `command` with so many threads of OpenMP and OpenBLAS. Returns its processor time in seconds; raises RuntimeError with
    the end of what it said on standard error if it fails."""
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))
    words = [str(word) for word in command]
    with tempfile.TemporaryFile("w+") as said:
        running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=said, env=environment)
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{' '.join(words)}\n{said.read()[-2000:]}")
    return usage.ru_utime + usage.ru_stime
