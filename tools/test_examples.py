#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs every example of README, the manual and each verb's --help, and compares what it prints.

In a fenced block (or in help after "Example:") a line "$ COMMAND" is run by sh in a folder that looks like the source
tree; the lines up to the next command or the end of the block are its output, standard error included. "..." alone
stands for any lines, within a line for any text. Commands that build (./quickstart, make, configure) are not run; those
that build against the installed library find the one of this tree, if it is shared and has no sanitizers.
"""
import os
import re
import subprocess
import sys
import tempfile

SOURCE, BUILD = os.environ['MXCTS_SRCDIR'], os.environ['MXCTS_BUILDDIR']
LIBRARIES = os.path.join(BUILD, '.libs')
MXCTS = os.path.join(BUILD, 'tools', 'mxcts')
NOT_RUN = re.compile(r'(\./quickstart|make|(\.\./|\./)?configure|sudo|autoreconf)\b')


def fenced(text):
    """Yields (line number, lines) of the fenced blocks."""
    lines, block, first = text.split('\n'), None, 0
    for number, line in enumerate(lines, 1):
        if line.startswith('```'):
            if block is None:
                block, first = [], number + 1
            else:
                yield first, block
                block = None
        elif block is not None:
            block.append(line)
    if block is not None:
        sys.exit(f'line {first - 1}: a block is never closed')


def examples(name, first, lines):
    """Yields (where, command, expected lines)."""
    command, expected, where = None, [], 0
    number = 0
    while number < len(lines):
        line = lines[number]
        if line.startswith('$ '):
            if command is not None:
                yield f'{name}:{where}', command, expected
            command, expected, where = line[2:], [], first + number
            while command.endswith('\\'):
                number += 1
                command = command[:-1] + lines[number].lstrip()
        elif command is not None:
            expected.append(line)
        number += 1
    if command is not None:
        yield f'{name}:{where}', command, expected


def pattern(expected):
    while expected and not expected[-1].strip():
        expected = expected[:-1]
    parts = []
    for line in expected:
        if line.strip() == '...':
            parts.append(r'(?:.*\n)*?')
        else:
            parts.append('.*?'.join(re.escape(part) for part in line.rstrip().split('...')) + r' *\n')
    return re.compile(''.join(parts) + r'\s*\Z')


def run(command, folder):
    environment = dict(os.environ, PATH=os.path.join(BUILD, 'tools') + ':' + os.environ['PATH'], LC_ALL='C')
    environment.pop('MXCTS_DATADIR', None)
    environment.update(PKG_CONFIG_PATH=BUILD, C_INCLUDE_PATH=os.path.join(SOURCE, 'include'), LIBRARY_PATH=LIBRARIES,
                       LD_LIBRARY_PATH=LIBRARIES)
    return subprocess.run(['sh', '-c', command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout


def can_link():
    return os.path.exists(os.path.join(LIBRARIES, 'libmxfast.so')) and not os.environ.get('MX_SAN_CFLAGS', '').strip()


def first_difference(expected, got):
    for want, line in zip(expected, got.split('\n')):
        if want.strip() == '...':
            return 'after the lines before ...'
        if not re.fullmatch('.*?'.join(re.escape(part) for part in want.rstrip().split('...')) + ' *', line):
            return f'wanted: {want}\n     found:  {line}'
    return 'the end differs'


def collect():
    for name in ('README', 'doc/manual.md', 'conformance/subjects/README', 'vectors/README'):
        path = os.path.join(SOURCE, name)
        if os.path.exists(path):
            with open(path, encoding='utf-8') as text:
                for first, lines in fenced(text.read()):
                    yield from examples(name, first, lines)
    help_text = subprocess.run([MXCTS, '--help'], stdout=subprocess.PIPE, text=True, check=True).stdout
    verbs = re.findall(r'^  ([a-z-]+) ', help_text.split('Verbs:')[1].split('\n\n')[0], re.M)
    for verb in verbs:
        text = subprocess.run([MXCTS, verb, '--help'], stdout=subprocess.PIPE, text=True, check=True).stdout
        if 'Example:\n$ ' not in text:
            yield f'mxcts {verb} --help', None, []
            continue
        yield from examples(f'mxcts {verb} --help', 1, text.split('Example:\n')[1].split('\n'))


def main():
    bad = good = passed_over = 0
    with tempfile.TemporaryDirectory() as folder:
        for entry in os.listdir(SOURCE):
            if not entry.startswith('.') and entry not in ('build', 'configure', 'Makefile'):
                os.symlink(os.path.join(SOURCE, entry), os.path.join(folder, entry))
        for where, command, expected in collect():
            if command is None:
                print(f'FAIL: {where}: no example')
                bad += 1
            elif NOT_RUN.match(command) or ('pkg-config' in command and not can_link()):
                passed_over += 1
            else:
                got = run(command, folder)
                if pattern(expected).match(got if got.endswith('\n') or not got else got + '\n'):
                    good += 1
                else:
                    bad += 1
                    print(f'FAIL: {where}: $ {command}\n     {first_difference(expected, got)}')
                    print('     it printed:\n' + '\n'.join('     | ' + line for line in got.split('\n')[:40]))
    print(f'{good} examples as printed, {bad} not, {passed_over} that build not run')
    sys.exit(bad != 0 or good < 5)


if __name__ == '__main__':
    main()
