#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Colour and progress: on a terminal only, and no colour when NO_COLOR is set."""
import os
import pty
import subprocess
import sys

MXCTS = os.path.join(os.environ['MXCTS_BUILDDIR'], 'tools', 'mxcts')
EXPLAIN = [MXCTS, 'explain', 'cast', 'elem=e2m1', 'type=bf16', '40a0']
# a subject that takes its time: two seconds for one answer
SLOW = ('import sys, time\n'
        'for line in sys.stdin:\n'
        '    w = line.split()\n'
        '    if w[0] == "mxp": print("mxp 1 name=slow version=1 ops=decode:e2m1:bf16")\n'
        '    elif w[0] == "op": print("ok", w[1])\n'
        '    elif w[0] == "c": time.sleep(0.15); print("r", w[2], "0000")\n'
        '    elif w[0] == "bye": print("bye seen=16 answered=16 refused=0")\n'
        '    sys.stdout.flush()\n')
RUN = [MXCTS, 'run', '--op', 'decode', '--elem', 'e2m1', '--type', 'bf16', '--subject']


def on_terminal(command, stream, **more):
    """What the command writes to a terminal that is its standard output or error; the other goes nowhere."""
    ours, theirs = pty.openpty()
    environment = dict(os.environ, TERM='xterm', **more)
    streams = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL, stream: theirs}
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, **streams):
        os.close(theirs)
        text = b''
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            text += piece
    os.close(ours)
    return text


def in_pipe(command):
    done = subprocess.run(command, env=dict(os.environ, TERM='xterm'), stdin=subprocess.DEVNULL, capture_output=True,
                          check=False)
    return done.stdout, done.stderr


def main(folder):
    slow = os.path.join(folder, 'slow.py')
    with open(slow, 'w', encoding='ascii') as out:
        out.write(SLOW)
    run = RUN + [f'pipe:{sys.executable} {slow}']
    failed = []

    def check(what, good):
        if not good:
            failed.append(what)
            print('FAIL:', what)

    os.environ.pop('NO_COLOR', None)
    check('colour on a terminal', b'\033[1m' in on_terminal(EXPLAIN, 'stdout'))
    check('no colour with NO_COLOR', b'\033' not in on_terminal(EXPLAIN, 'stdout', NO_COLOR='1'))
    check('no colour in a pipe', b'\033' not in in_pipe(EXPLAIN)[0])
    check('progress on a terminal', b'\r' in on_terminal(run, 'stderr').replace(b'\r\n', b'\n'))
    check('progress is wiped at the end', on_terminal(run, 'stderr').rstrip(b'\r\n').endswith(b'\033[K'))
    out, err = in_pipe(run)
    check('no progress in a pipe', b'\r' not in err and b'\033' not in err and b'\033' not in out)
    check('nothing on stderr for something quick', on_terminal(EXPLAIN, 'stderr') == b'')
    print('colour and progress where they belong' if not failed else f'{len(failed)} failed')
    return bool(failed)


if __name__ == '__main__':
    import tempfile
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit(main(temporary))
