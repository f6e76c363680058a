#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What ends the command ends its subject, and what the subject started: nothing is left behind."""
import os
import signal
import subprocess
import sys
import tempfile
import time

MXCTS = os.path.join(os.environ['MXCTS_BUILDDIR'], 'tools', 'mxcts')
PATIENCE = 20  # seconds


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


def gone(pid):
    """No such process, or one that only waits to be reaped."""
    try:
        with open(f'/proc/{pid}/stat', encoding='ascii') as stat:
            return stat.read().rsplit(')', 1)[1].split()[0] == 'Z'
    except OSError:
        return True


def main(folder):
    failed = 0
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)  # what is ignored here, as by nohup, would be ignored there
        path = os.path.join(folder, number.name)
        # a subject that says nothing; its own child is the one that would live on
        subject = f'pipe:sleep 600 & echo $! >{path}.new; mv {path}.new {path}; wait'
        with subprocess.Popen([MXCTS, 'run', '--timeout', '600', '--subject', subject], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as run:
            if not wait_for(lambda: os.path.exists(path)):
                print('FAIL: the subject was not started')
                run.kill()
                return 1
            with open(path, encoding='ascii') as pid_file:
                pid = int(pid_file.read())
            run.send_signal(number)
            if not wait_for(lambda: run.poll() is not None):
                run.kill()
        if run.returncode != -number:
            failed += 1
            print(f'FAIL: {number.name}: wanted to end by it, found status {run.returncode}')
        if not wait_for(lambda: gone(pid)):
            failed += 1
            print(f'FAIL: {number.name}: process {pid} of the subject lives on')
            os.kill(pid, signal.SIGKILL)
    print('nothing left behind' if not failed else f'{failed} failed')
    return bool(failed)


if __name__ == '__main__':
    if not os.path.isdir('/proc/self'):
        print('no /proc')
        sys.exit(77)
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit(main(temporary))
