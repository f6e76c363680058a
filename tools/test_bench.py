#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Every field of a quick `mxcts bench --format json`, and what plot-bench.py makes of it."""
import itertools
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

MXCTS = os.path.join(os.environ['MXCTS_BUILDDIR'], 'tools', 'mxcts')
PLOT = os.path.join(os.environ['MXCTS_SRCDIR'], 'tools', 'plot-bench.py')


def measure(*options):
    done = subprocess.run([MXCTS, 'bench', '--quick', '--format', 'json', *options], stdout=subprocess.PIPE, check=True)
    return done.stdout, json.loads(done.stdout)


def check_bench(bench):
    assert bench['settings'] == {'quick': True, 'repeats': 3, 'k': 32}, bench['settings']
    assert set(bench['machine']) == {'cpu', 'processors', 'l2_bytes', 'llc_bytes', 'memory_bytes', 'load'}
    threads = {1, bench['machine']['processors']}
    wanted = set()
    for n, isa in itertools.product(threads, {row['isa'] for row in bench['results']}):
        for op, rule in (('quantize', 'floor'), ('quantize', 'rceil'), ('dequantize', None)):
            rounds = (None,) if rule is None else ('rne', 'sr:8')
            wanted |= {(op, elem, rule, mode, dim, 'bytes', 'linear', isa, n) for mode in rounds
                       for elem in ('e4m3', 'e2m1') for dim in ('dim0', 'dim1', 'dim1-turned', 'both')
                       if not (op == 'dequantize' and dim == 'both')}
            wanted |= {(op, 'e2m1', rule, mode, dim, storage, scales, isa, n) for mode in rounds
                       for dim in ('dim0', 'dim1-turned')
                       for storage, scales in itertools.product(('packed', 'split-half'), ('linear', '128x4'))}
            wanted |= {(op, 'e4m3', rule, mode, dim, 'bytes', '128x4', isa, n) for mode in rounds
                       for dim in ('dim0', 'dim1-turned')}
    key = ('op', 'elem', 'rule', 'round', 'dim', 'storage', 'scales', 'isa', 'threads')
    found = [tuple(row[k] for k in key) for row in bench['results']]
    assert len(found) == len(wanted) and set(found) == wanted, wanted ^ set(found)
    assert any(row['isa'] == 'portable' for row in bench['results'])
    for row in bench['results']:
        assert set(row) == {*key, 'type', 'clock', 'memory', 'l2'} and row['type'] == 'bf16'
        assert row['clock'] == ('processor' if row['threads'] == 1 else 'wall')
        assert (row['l2'] is None) == (row['threads'] > 1), row
        bits = 8 if row['storage'] == 'bytes' else {'e2m1': 4}[row['elem']]
        for at in filter(None, (row['memory'], row['l2'])):
            n, values = at['elements'], (6 if row['round'] == 'sr:8' else 2) * at['elements']
            codes = (n * bits // 8 + n // 32) * (2 if row['dim'] == 'both' else 1)
            assert n > 0 and (at['bytes_read'], at['bytes_written']) == (
                (values, codes) if row['op'] == 'quantize' else (codes, values)), at
            assert at['seconds']['samples'] == 3 and at['limit_seconds']['samples'] >= 3
            for s in (at['seconds'], at['limit_seconds']):
                assert 0 < s['best'] <= s['low'] <= s['median'] <= s['high'], s
            assert abs(at['ratio'] * at['seconds']['median'] / at['limit_seconds']['median'] - 1) < 1e-9
            assert abs(at['ratio_of_best'] * at['seconds']['best'] / at['limit_seconds']['best'] - 1) < 1e-9
            assert abs(at['elements_per_second'] * at['seconds']['median'] / n - 1) < 1e-9
            assert abs(at['bytes_per_second'] / at['limit_bytes_per_second'] / at['ratio'] - 1) < 1e-9
            assert at['spread'] >= 0 and at['limit_spread'] >= 0 and at['limit_kernel']
            assert at['times_portable'] > 0
            assert row['isa'] != 'portable' or at['times_portable'] == 1


def check_one_processor():
    """Where the process may use one processor only, it is not measured with more threads."""
    if not hasattr(os, 'sched_setaffinity'):
        return
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(all_of_them)})
    bench = measure('--op', 'quantize', '--elem', 'e4m3', '--type', 'bf16', '--rule', 'floor', '--dim', 'dim0')[1]
    os.sched_setaffinity(0, all_of_them)
    assert bench['machine']['processors'] == 1 and {row['threads'] for row in bench['results']} == {1}, bench


def check_reference(ref):
    assert set(ref) == {'version', 'machine', 'settings', 'reference'}, set(ref)
    rows = [(row['implementation'], row['op']) for row in ref['reference']]
    assert sorted(rows) == sorted(itertools.product(('ref', 'witness'), ('cast', 'quantize', 'dequantize'))), rows
    assert all(row['elements_per_second'] > 0 and row['spread'] >= 0 for row in ref['reference'])


def plot(text, *options, name='out.svg'):
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, 'in.json'), os.path.join(folder, name)
        with open(source, 'wb') as out:
            out.write(text)
        done = subprocess.run([sys.executable, PLOT, *options, source, target], stderr=subprocess.PIPE, check=False)
        if done.returncode == 0:
            assert xml.etree.ElementTree.parse(target).getroot().tag.endswith('svg')
        else:
            assert done.stderr.count(b'\n') == 1 and os.listdir(folder) == ['in.json'], done
        return done.returncode


def table(level, *documents):
    """Cells of the table by what the line is of and by column."""
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, f'{i}.json') for i in range(len(documents))]
        for name, document in zip(names, documents):
            with open(name, 'w', encoding='utf-8') as out:
                json.dump(document, out)
        done = subprocess.run([sys.executable, PLOT, '--level', level, *names, '-'], stdout=subprocess.PIPE, check=True, text=True)
    head, _, *lines = ([cell.strip() for cell in line.split('|')[1:-1]] for line in done.stdout.splitlines()[2:])
    return {(line[0], line[2]): dict(zip(head, line)) for line in lines}


def check_table(bench):
    """Five runs; the middle one by ratio is not the first, the last or the middle one in order."""
    runs = [json.loads(json.dumps(bench)) for _ in range(5)]
    for run, ratio in zip(runs, (0.9, 0.5, 0.1, 0.6, 0.4)):
        for at in (row['memory'] for row in run['results']):
            at.update(ratio=ratio, elements_per_second=ratio * 1e10, limit_bytes_per_second=ratio * 1e11)
    line = table('memory', *runs)['quantize bf16, dim1-turned', 'portable']
    assert (line['e4m3'], line['limit, GB/s']) == ('5.00 (0.50)', '50'), line
    assert table('l2', bench)['dequantize bf16, dim0', 'portable']['e2m1'].endswith(' (x1.0)')


def main():
    text, bench = measure('--elem', 'e4m3', '--elem', 'e2m1', '--type', 'bf16', '--round', 'rne', '--round', 'sr',
                          *itertools.chain(*(('--storage', name) for name in ('bytes', 'packed', 'split-half'))),
                          '--scales', 'linear', '--scales', '128x4')
    check_bench(bench)
    check_one_processor()
    check_reference(measure('--elem', 'e2m1', '--type', 'fp32', '--repeats', '1', 'ref')[1])
    assert plot(b'{"results": 1}') == 2
    assert plot(b'{') == 2
    assert plot(b'{"results": []}', name='out.png') == 2
    assert plot(b'{"results": []}', name='out.md') == 1
    assert plot(b'{"results": [{}]}', name='out.md') == 2
    check_table(bench)
    if plot(text) == 77:
        print('all fields; no matplotlib: the plot is not tested')
        return
    # one of a device: no threads, no second level, another machine
    for row in bench['results']:
        row.update(threads=None, clock='device', l2=None)
    bench['machine'] = {'subject': 'cuda', 'device': 'a device'}
    device = json.dumps(bench).encode()
    assert plot(device) == 0 and plot(device, '--level', 'l2') == 1
    assert plot(text) == 0 and plot(text, '--level', 'l2', '--storage', 'packed') == 0
    assert plot(text, '--rule', 'even', '--storage', 'packed', '--round', 'sr:8', '--scales', '128x4') == 0  # decoding has no rule
    print('all fields; drawn')


main()
