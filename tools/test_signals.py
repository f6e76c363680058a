#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What ends the command ends its subject, and what the subject started; no file half written, no folder of a test is left behind."""
import os
import signal
import subprocess
import sys
import tempfile
import time

BUILD = os.environ['MXCTS_BUILDDIR']
MXCTS = os.path.join(BUILD, 'tools', 'mxcts')
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
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


def everything(folder):
    """All paths below a folder that may be changing."""
    return [os.path.join(where, name) for where, folders, files in os.walk(folder) for name in folders + files]


def ended(command, number, when, by=None, **how):
    """Start, send the signal when `when` holds, wait; 1 with the line printed unless it ended by the signal (`by`)."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **how) as process:
        there = wait_for(lambda: when() or process.poll() is not None) and process.poll() is None
        process.send_signal(number)
        if not wait_for(lambda: process.poll() is not None):
            process.kill()
    if there and process.returncode == -(by or number):
        return 0
    print(f'FAIL: {command[0]}: {number.name}: wanted to end by it, found status {process.returncode}')
    return 1


def partial_files(folder):
    """Packs are written beside their place; what was begun goes, what is there is whole, and what is not yet is missed."""
    failed = 0
    for number in (*SIGNALS, signal.SIGKILL):
        tree = os.path.join(folder, f'tree-{number.name}')
        failed += ended([MXCTS, 'gen', '--tree', tree], number, lambda: any('.tmp' in p for p in everything(tree)))
        for path in filter(os.path.isfile, everything(tree)):
            with open(path, encoding='ascii') as pack:
                last = (pack.readlines() or [''])[-1]
            if not path.endswith('.mxv') or not last.startswith(('#end count=', 'not made yet')):
                if number != signal.SIGKILL:
                    failed += 1
                    print(f'FAIL: {number.name}: gen left {path}')
        done = subprocess.run([MXCTS, 'run', tree], capture_output=True, text=True, check=False)
        if done.returncode != 2 or 'not made yet' not in done.stderr:
            failed += 1
            print(f'FAIL: {number.name}: wanted what gen left to be refused, found status {done.returncode}: {done.stderr}')
    return failed


def test_folders(folder):
    """A test program that fails, and one that is killed."""
    failed = 0
    test = os.path.join(BUILD, 'conformance', 'judge', 'test_run')
    env = {**os.environ, 'TMPDIR': folder}
    for number in SIGNALS:
        failed += ended([test], number, lambda: any(p.endswith('.mxv') for p in everything(folder)), env=env,
                        by=signal.SIGTERM if number == signal.SIGHUP else number)
    status = subprocess.run([test], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                            env={**env, 'MXCTS_SRCDIR': '/nonexistent'}, check=False).returncode
    if status != 1:
        failed += 1
        print(f'FAIL: a test without its data: wanted status 1, found {status}')
    if everything(folder):
        failed += 1
        print(f'FAIL: tests left {everything(folder)}')
    return failed


def subjects(folder):
    failed = 0
    for number in SIGNALS:
        path = os.path.join(folder, number.name)
        # a subject that says nothing; its own child is the one that would live on
        subject = f'pipe:sleep 600 & echo $! >{path}.new; mv {path}.new {path}; wait'
        with subprocess.Popen([MXCTS, 'run', '--timeout', '600', '--subject', subject], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as run:
            if not wait_for(lambda: os.path.exists(path)):
                print('FAIL: the subject was not started')
                run.kill()
                return failed + 1
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
    return failed


def main(folder):
    failed = 0
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)  # what is ignored here, as by nohup, would be ignored there
    for part in (subjects, partial_files, test_folders):
        failed += part(tempfile.mkdtemp(dir=folder))
    print('nothing left behind' if not failed else f'{failed} failed')
    return bool(failed)


if __name__ == '__main__':
    if not os.path.isdir('/proc/self'):
        print('no /proc')
        sys.exit(77)
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit(main(temporary))
