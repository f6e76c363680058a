#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Exhaustive certificates: mxcts sweep over the spaces of doc/certificates.md.

    certify.py run SUBJECT PART...   sweep them, in pieces of a minute or so; what is done is not done again
    certify.py roots                 the roots of all parts from the reference alone: conformance/sweep.roots
    certify.py page FILE             the table of FILE, doc/certificates.md, from what was run

Parts: cast scale scaled-cast few shards blocks round-blocks bf16-blocks. Environment: CERTIFY_OUT, folder of journals and results (./certificates);
CERTIFY_MXCTS, the command (mxcts); CERTIFY_PREFIX, what to put before it; CERTIFY_THREADS (all).
"""
import json
import os
import pathlib
import subprocess
import sys

MXCTS = os.environ.get("CERTIFY_MXCTS", "mxcts")
OUT = pathlib.Path(os.environ.get("CERTIFY_OUT", "certificates"))
ROUNDINGS = ["rne", "rna", "rnz", "rtz", "rup", "rdn", "rto", "sr:8"]
HALVES = "7 8 0 f 6 9 5 a 4 b 3 c 2 d 1 e".split()  # of scale bytes: those near one first
SHARDS = 64
FEW = "00,01,02,1e,40,64,77,7e,7f,80,8c,c8,fc,fd,fe,ff"  # scale bytes: both ends, around one, some between, the NaN
ELEMS = ("e5m2", "e4m3", "e3m2", "e2m3", "e2m1", "int8")
HIGHEST = {"e5m2": 0xEF, "e4m3": 0xF6, "e3m2": 0xFA, "e2m3": 0xFC, "e2m1": 0xFC, "int8": 0xFE}  # byte of the largest fp32
ANCHORED = (0x00, 0x01, 0x1E, 0x40, 0x7E, 0x7F, 0x80, 0xC8)  # bytes of blocks, and the highest of the format
TIMED_OUT = 124  # of timeout(1)
MARK, END = "<!-- certify.py page -->", "<!-- end -->"


def rounded(rounding):
    """The arguments of a rounding; sr:8 has random bits 5a."""
    return [f"round={rounding}", *(["--random", "5a"] if rounding.startswith("sr") else [])]


def cast():
    """Every rounding, with both kinds of overflow where a format has two."""
    for rounding in ROUNDINGS:
        yield f"cast.{rounding}", ["cast", *rounded(rounding)]
        for elem in ("e5m2", "e4m3"):
            yield f"cast.{rounding}.special.{elem}", ["cast", "--elem", elem, "overflow=special", *rounded(rounding)]


def scale():
    for rule in ("floor", "ceil", "even", "rceil"):
        yield f"scale.{rule}", ["scale", f"scale={rule}"]


def scaled(name, elems, more):
    for elem in elems:
        for half in HALVES:
            yield f"{name}.{elem}.{half}", ["scaled-cast", "--elem", elem, "--scales", f"{half}0-{half}f", *more]


def few():
    for elem in ELEMS:
        yield f"few.{elem}", ["scaled-cast", "--elem", elem, "--scales", FEW]


def anchored(name, elem, scales, *more):
    return f"{name}.{elem}", ["scaled-cast", "--via", "quantize", "--elem", elem, "--scales", scales, *more]


def blocks():
    """Through quantize, whose kernels are others than those of scaled-cast."""
    for elem in ELEMS:
        yield anchored("blocks", elem, ",".join(f"{byte:02x}" for byte in (*ANCHORED, HIGHEST[elem])))


def round_blocks():
    for rounding in ROUNDINGS[1:]:
        for elem in ELEMS:
            yield anchored(f"round-blocks.{rounding}", elem, "7f", *rounded(rounding))


def bf16_blocks():
    for rounding in ROUNDINGS:
        for elem in ELEMS:
            yield anchored(f"bf16-blocks.{rounding}", elem, f"00-{HIGHEST[elem]:02x}", "--type", "bf16", *rounded(rounding))


PARTS = {
    "cast": (cast, "`cast`, six formats, every rounding (`sr:8` with bits 5a), `overflow=saturate` and `special`"),
    "scale": (scale, "`scale` of one value, six formats, four rules"),
    "scaled-cast": (lambda: scaled("scaled-cast", ("e2m1", "e4m3"), []), "`scaled-cast` to E2M1 and E4M3, 256 scale bytes"),
    "shards": (lambda: scaled("shards", ("e5m2", "e3m2", "e2m3", "int8"), ["--shard", f"1/{SHARDS}"]),
               f"`scaled-cast` to the other four, 256 scale bytes, shards 1/{SHARDS}"),
    "few": (few, f"`scaled-cast`, six formats, scale bytes {FEW.replace(',', ' ')}"),
    "blocks": (blocks, "`quantize`, six formats, in blocks of nine scale bytes each"),
    "round-blocks": (round_blocks, "`quantize`, six formats, every other rounding, in blocks of scale byte 7f"),
    "bf16-blocks": (bf16_blocks, "`quantize` of bf16, six formats, every rounding, in blocks of every scale byte"),
}


def run_piece(subject, name, arguments):
    """One sweep to its end, however often a time limit in the prefix stops it. Its result is written when it is whole."""
    result, journal = OUT / f"{subject}.{name}.json", OUT / f"{subject}.{name}.state"
    if result.exists():
        return True
    command = [*os.environ.get("CERTIFY_PREFIX", "").split(), MXCTS, "sweep", "--subject", subject, "--state", str(journal)]
    if os.environ.get("CERTIFY_THREADS"):
        command += ["--threads", os.environ["CERTIFY_THREADS"]]
    while True:
        done = subprocess.run([*command, "--format", "json", *arguments], stdout=subprocess.PIPE, check=False)
        if done.returncode != TIMED_OUT:
            break
    if done.returncode not in (0, 1):
        print(f"certify.py: {subject} {name}: exit status {done.returncode}", file=sys.stderr)
        sys.exit(done.returncode)
    whole = result.with_suffix(".part")
    whole.write_bytes(done.stdout)
    whole.rename(result)
    journal.unlink()
    return done.returncode == 0


def run(subject, parts):
    OUT.mkdir(parents=True, exist_ok=True)
    pieces = [piece for part in parts for piece in PARTS[part][0]()]
    wrong = [name for name, arguments in pieces if not run_piece(subject, name, arguments)]
    for name in wrong:
        print(f"certify.py: {subject} {name}: WRONG ANSWERS", file=sys.stderr)
    return 1 if wrong else 0


def roots():
    lines = []
    for pieces, _ in PARTS.values():
        for _, arguments in pieces():
            if "--via" in arguments:  # what lies above an anchor is left out: no root of the space
                continue
            out = subprocess.run([MXCTS, "sweep", "--roots", *arguments], stdout=subprocess.PIPE, check=True, text=True)
            lines += [line for line in out.stdout.splitlines() if not line.startswith("#")]
    lines = list(dict.fromkeys(lines))  # parts overlap
    print("#mxroots 1", *lines, f"#end count={len(lines)}", sep="\n")
    return 0


def committed():
    lines = (pathlib.Path(__file__).parent.parent / "sweep.roots").read_text().splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines if not line.startswith("#"))}


def row(subject, part, pieces):
    """A line of the table: how much of a part was run, and what came of it."""
    results = [OUT / f"{subject}.{name}.json" for name, _ in pieces]
    there = [json.loads(path.read_text()) for path in results if path.exists()]
    if not there:
        return None
    roots = committed()
    cases, wrong = sum(r["cases"] for r in there), sum(r["wrong"] for r in there)
    whole = [space for result in there for space in result["spaces"]
             if "sha256" in space and not space["skipped"] and space["space"] in roots]
    same = sum(roots[space["space"]] == space["sha256"] for space in whole)
    digests = f"{same} of {len(whole)} as committed" if whole else "-"
    part_of = "all" if len(there) == len(results) else f"{len(there)} of {len(results)} pieces"
    return f"| {subject} | {PARTS[part][1]} | {part_of} | {cases:,} | {wrong} | {digests} |"


def page(name):
    """Put the table between the two markers of the page."""
    subjects = sorted({path.name.split(".")[0] for path in OUT.glob("*.json")}, reverse=True)
    rows = [row(subject, part, list(pieces())) for part, (pieces, _) in PARTS.items() for subject in subjects]
    lines = ["| subject | spaces | run | cases | wrong | digests |", "|---|---|---|---|---|---|", *filter(None, rows)]
    text = pathlib.Path(name).read_text()
    before, after = text.index(MARK) + len(MARK), text.index(END)
    pathlib.Path(name).write_text(text[:before] + "\n" + "\n".join(lines) + "\n" + text[after:])
    return 0


def main(words):
    if len(words) > 2 and words[0] == "run" and all(part in PARTS for part in words[2:]):
        return run(words[1], words[2:])
    if words == ["roots"]:
        return roots()
    if len(words) == 2 and words[0] == "page":
        return page(words[1])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
