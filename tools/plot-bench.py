#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draws the output of `mxcts bench --format json` as an SVG, or makes a table of it in Markdown.

Usage: plot-bench.py [--level memory|l2] [--rule RULE] [--storage bytes|packed|split-half] [--round ROUND]
                     [--scales linear|128x4] IN.json... OUT.svg|OUT.md

OUT.svg: a panel for each operation, type, direction and number of threads that was measured: the ratio to the streaming
limit of each instruction set, by element format, with the quartiles. OUT.md: a line for each of these and each
instruction set, in giga-elements a second with that ratio or, of the second-level cache, as a multiple of the portable
kernels' speed; - for standard output. IN.json may be - for standard input. Of several runs of a case the one with the
median ratio is taken.
Exit status: 0 drawn, 1 nothing to draw, 2 usage or a malformed file, 77 no matplotlib.
"""
import argparse
import json
import os
import sys


def fail(status, text):
    print(f'plot-bench.py: {text}', file=sys.stderr)
    sys.exit(status)


def read(name):
    try:
        with (sys.stdin if name == '-' else open(name, encoding='utf-8')) as source:
            document = json.load(source)
    except OSError as error:
        fail(2, f'{name}: {error.strerror}')
    except ValueError as error:
        fail(2, f'{name}: {error}')
    if not isinstance(document, dict) or not isinstance(document.get('results'), list):
        fail(2, f'{name}: the output of `mxcts bench --format json` was wanted, no "results" found')
    return document


def add_cases(cases, document, level, wanted):
    """Rows that are wanted, by case; those that decode have no rule and no rounding."""
    for row in document['results']:
        if row[level] is None or any(row[key] not in (None, value) for key, value in wanted.items()):
            continue
        case = tuple(row[key] for key in ('op', 'type', 'dim', 'threads', 'isa', 'elem'))
        cases.setdefault(case, []).append(row)


def panels(cases, level):
    """Of each case the run with the median ratio, by panel."""
    found = {}
    for case, rows in cases.items():
        rows.sort(key=lambda row: row[level]['ratio'])
        found.setdefault(case[:4], []).append(rows[(len(rows) - 1) // 2])
    return found


def heading(document, runs, level, rule):
    machine = document['machine']
    quick = '; quick run, no measurement' if document['settings']['quick'] else ''
    of_runs = f', medians of {runs} runs' if runs > 1 else ''
    return (f'mxcts {document["version"]}, {machine.get("cpu") or machine["device"]}, {level}, '
            f'scale rule {rule}{of_runs}{quick}')


def draw_panel(axes, key, rows, level):
    elems = list(dict.fromkeys(row['elem'] for row in rows))
    isas = list(dict.fromkeys(row['isa'] for row in rows))
    width = 0.8 / len(isas)
    for i, isa in enumerate(isas):
        mine = [row for row in rows if row['isa'] == isa]
        at = [elems.index(row['elem']) + (i - (len(isas) - 1) / 2) * width for row in mine]
        ratio = [row[level]['ratio'] for row in mine]
        error = [[], []]
        for row in mine:
            here = row[level]
            error[0].append(max(0, here['ratio'] * (1 - here['seconds']['median'] / here['seconds']['high'])))
            error[1].append(max(0, here['ratio'] * (here['seconds']['median'] / here['seconds']['low'] - 1)))
        axes.bar(at, ratio, width, label=isa, yerr=error, error_kw={'linewidth': 0.6})
    limit = rows[0][level]
    op, kind, dim, threads = key
    where = '' if threads is None else f', {threads} thread{"s" if threads > 1 else ""}'  # None: on a device
    axes.set_title(f'{op} {kind} {dim}{where}\n'
                   f'limit {limit["limit_bytes_per_second"] * 1e-9:.1f} GB/s ({limit["limit_kernel"]})', fontsize=8)
    axes.set_xticks(range(len(elems)), elems, fontsize=8)
    axes.axhline(1, color='black', linewidth=0.6)
    axes.set_ylim(0, max(1.1, axes.get_ylim()[1]))


def save(name, write):
    """What write(file name) makes, whole or not at all."""
    beside = f'{name}.{os.getpid()}.tmp'
    try:
        write(beside)
        os.replace(beside, name)
    except OSError:
        if os.path.exists(beside):
            os.remove(beside)
        raise


def draw(title, found, level, pyplot):
    columns = min(4, len(found))
    rows = -(-len(found) // columns)
    figure, grid = pyplot.subplots(rows, columns, figsize=(3.2 * columns, 2.6 * rows + 0.8), squeeze=False,
                                   layout='constrained')
    flat = [axes for line in grid for axes in line]
    for axes, (key, panel) in zip(flat, sorted(found.items())):
        draw_panel(axes, key, panel, level)
    for axes in flat[len(found):]:
        axes.set_visible(False)
    for line in grid:
        line[0].set_ylabel('of the limit', fontsize=8)
    flat[0].legend(fontsize=7)
    figure.suptitle(title, fontsize=9)
    return figure


def cell(row, level):
    if row is None:
        return ''
    at = row[level]
    beside = f'{at["ratio"]:.2f}' if level == 'memory' or at['times_portable'] is None else f'x{at["times_portable"]:.1f}'
    return f'{at["elements_per_second"] * 1e-9:.2f} ({beside})'


def table(title, found, level):
    elems = list(dict.fromkeys(row['elem'] for rows in found.values() for row in rows))
    head = ['', 'limit, GB/s', 'by', *elems]
    lines = [title, '', f'| {" | ".join(head)} |', f'|{"---|" * len(head)}']
    for (op, kind, dim, threads), rows in sorted(found.items()):
        what = f'{op} {kind}, {dim}' + (f', {threads} threads' if (threads or 1) > 1 else '')
        limits = sorted(row[level]['limit_bytes_per_second'] * 1e-9 for row in rows)
        limit = ' to '.join(dict.fromkeys(f'{limits[i]:.0f}' for i in (0, -1)))
        for isa in dict.fromkeys(row['isa'] for row in rows):
            mine = {row['elem']: row for row in rows if row['isa'] == isa}
            lines.append('| ' + ' | '.join([what, limit, isa,
                                            *(cell(mine.get(elem), level) for elem in elems)]) + ' |')
    return '\n'.join(lines) + '\n'


def put(args, title, found):
    if args.output == '-':
        sys.stdout.write(table(title, found, args.level))
    elif args.output.endswith('.md'):
        def write(name):
            with open(name, 'w', encoding='utf-8') as out:
                out.write(table(title, found, args.level))
        save(args.output, write)
    else:
        try:
            import matplotlib
            matplotlib.use('svg')
            from matplotlib import pyplot
        except ImportError:
            fail(77, 'wants matplotlib (python3-matplotlib), which is not there')
        save(args.output, lambda name: draw(title, found, args.level, pyplot).savefig(name, format='svg'))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--level', choices=('memory', 'l2'), default='memory', help='where the arrays lay (%(default)s)')
    parser.add_argument('--rule', default='floor', help='scale rule of quantize (%(default)s)')
    parser.add_argument('--storage', choices=('bytes', 'packed', 'split-half'), default='bytes', help='(%(default)s)')
    parser.add_argument('--round', default='rne', help='rounding of quantize as the JSON has it, such as sr:8 (%(default)s)')
    parser.add_argument('--scales', choices=('linear', '128x4'), default='linear', help='(%(default)s)')
    parser.add_argument('input', metavar='IN.json', nargs='+',
                        help='what `mxcts bench --format json` printed; - for standard input')
    parser.add_argument('output', metavar='OUT.svg|OUT.md', help='- for the table on standard output')
    args = parser.parse_args()
    if args.output != '-' and not args.output.endswith(('.svg', '.md')):
        fail(2, f'{args.output}: a name that ends in .svg or .md was wanted')
    wanted = {key: getattr(args, key) for key in ('rule', 'round', 'storage', 'scales')}
    cases, documents = {}, [read(name) for name in args.input]
    for name, document in zip(args.input, documents):
        try:
            add_cases(cases, document, args.level, wanted)
        except (KeyError, TypeError) as error:
            fail(2, f'{name}: malformed: {error!r}')
    if not cases:
        fail(1, f'{args.input[0]}: nothing measured with --level {args.level} ' +
             ' '.join(f'--{key} {value}' for key, value in wanted.items()))
    try:
        put(args, heading(documents[0], len(documents), args.level, args.rule), panels(cases, args.level))
    except (KeyError, TypeError) as error:
        fail(2, f'{args.input[0]}: malformed: {error!r}')
    except OSError as error:
        fail(2, f'{args.output}: {error.strerror}')


main()
