#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draws the output of `mxcts bench --format json` as an SVG.

Usage: plot-bench.py [--level memory|l2] [--rule RULE] [--storage bytes|packed|split-half] [--round ROUND]
                     [--scales linear|128x4] IN.json OUT.svg

A panel for each operation, type, direction and number of threads that was measured: the ratio to the streaming limit of
each instruction set, by element format, with the quartiles. IN.json may be - for standard input.
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
    except (OSError, ValueError) as error:
        fail(2, f'{name}: {error}')
    if not isinstance(document, dict) or not isinstance(document.get('results'), list):
        fail(2, f'{name}: the output of `mxcts bench --format json` was wanted, no "results" found')
    return document


def panels(results, level, wanted):
    """Rows by panel; those that decode have no rule and no rounding."""
    found = {}
    for row in results:
        if row[level] is None or any(row[key] not in (None, value) for key, value in wanted.items()):
            continue
        found.setdefault((row['op'], row['type'], row['dim'], row['threads']), []).append(row)
    return found


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


def draw(document, found, level, rule, name, pyplot):
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
    machine = document['machine']
    quick = '; quick run, no measurement' if document['settings']['quick'] else ''
    figure.suptitle(f'mxcts {document["version"]}, {machine.get("cpu") or machine["device"]}, {level}, scale rule {rule}{quick}', fontsize=9)
    beside = f'{name}.{os.getpid()}.tmp'  # whole or not at all
    try:
        figure.savefig(beside, format='svg')
        os.replace(beside, name)
    except OSError:
        if os.path.exists(beside):
            os.remove(beside)
        raise


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--level', choices=('memory', 'l2'), default='memory', help='where the arrays lay (%(default)s)')
    parser.add_argument('--rule', default='floor', help='scale rule of quantize (%(default)s)')
    parser.add_argument('--storage', choices=('bytes', 'packed', 'split-half'), default='bytes', help='(%(default)s)')
    parser.add_argument('--round', default='rne', help='rounding of quantize as the JSON has it, such as sr:8 (%(default)s)')
    parser.add_argument('--scales', choices=('linear', '128x4'), default='linear', help='(%(default)s)')
    parser.add_argument('input', metavar='IN.json', help='what `mxcts bench --format json` printed; - for standard input')
    parser.add_argument('output', metavar='OUT.svg')
    args = parser.parse_args()
    if not args.output.endswith('.svg'):
        fail(2, f'{args.output}: a name that ends in .svg was wanted')
    document = read(args.input)
    try:
        import matplotlib
        matplotlib.use('svg')
        from matplotlib import pyplot
    except ImportError:
        fail(77, 'wants matplotlib (python3-matplotlib), which is not there')
    try:
        found = panels(document['results'], args.level,
                       {key: getattr(args, key) for key in ('rule', 'round', 'storage', 'scales')})
        if not found:
            fail(1, f'{args.input}: nothing measured with --level {args.level} --rule {args.rule} --round {args.round} '
                 f'--storage {args.storage} --scales {args.scales}')
        draw(document, found, args.level, args.rule, args.output, pyplot)
    except (KeyError, TypeError) as error:
        fail(2, f'{args.input}: malformed: {error!r}')
    except OSError as error:
        fail(2, f'{args.output}: {error}')


main()
