"""Runs our trainer and libtorch in turn and prints a table. Called by compare.sh, which builds."""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TIEBREAK = str(HERE.parent.parent / "tiebreak")
LIBTORCH = str(HERE / "libtorch.sh")
OURS = "tiebreak"


def measure(command):
    """Figures of one run; None where it failed. Peak memory is the most that was ever resident."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    rate = re.search(r"^ *tokens +([0-9][0-9.,]*)", text, re.MULTILINE)
    if process.returncode != 0 or not rate:
        print(f"failed: {' '.join(command)}\n{text}", file=sys.stderr)
        return None
    settings = re.search(r"^OpenBLAS: .*$", text, re.MULTILINE)
    return {
        "settings": settings[0] if settings else None,
        "tokens_per_second": float(rate[1].replace(",", "")),
        "peak_mb": usage.ru_maxrss >> 10,
    }


def comparisons(options):
    """Title, and for each program what to call."""
    for shape in options.shape or ["small"]:
        if not options.no_train:
            steps = str(options.steps)
            yield f"training, {shape}", {
                OURS: [TIEBREAK, "bench", "--shape", shape, "--steps", steps],
                "libtorch": [LIBTORCH, shape, "train", steps],
            }
        if options.generate:
            yield f"generation, {shape}", {
                OURS: [TIEBREAK, "bench", "--generate", "--shape", shape],
                "libtorch": [LIBTORCH, shape, "generate"],
            }


def median(rounds, figure):
    values = [r[figure] for r in rounds if r]
    return statistics.median(values) if values else None


def ratio(ours, theirs):
    """How many times as fast we are: the median over rounds, since both met the same minutes."""
    ratios = [a["tokens_per_second"] / b["tokens_per_second"] for a, b in zip(ours, theirs) if a and b]
    return statistics.median(ratios) if ratios else None


def cell(value, pattern):
    return "" if value is None else pattern.format(value)


def print_table(title, results):
    print(f"\n{title}\n  {'':12}{'tokens/s':>10}{'ours is':>10}{'peak MB':>10}")
    for name, rounds in results.items():
        times = None if name == OURS else ratio(results[OURS], rounds)
        print(
            f"  {name:12}{cell(median(rounds, 'tokens_per_second'), '{:.1f}'):>10}"
            f"{cell(times, '{:.2f} x'):>10}{cell(median(rounds, 'peak_mb'), '{:.0f}'):>10}",
            flush=True,
        )


def arguments():
    parser = argparse.ArgumentParser(prog="compare.sh")
    parser.add_argument("--shape", action="append", choices=["tiny", "small", "gpt2-124m"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--generate", action="store_true")
    parser.add_argument("--no-train", action="store_true")
    options = parser.parse_args()
    if options.rounds < 1 or options.steps < 1:
        parser.error("--rounds and --steps must be at least 1")
    if options.no_train and not options.generate:
        parser.error("--no-train leaves nothing to compare without --generate")
    return options


def main():
    options = arguments()
    report = []
    for title, programs in comparisons(options):
        results = {name: [] for name in programs}
        for i in range(options.rounds):
            for name, command in programs.items():
                results[name].append(measure(command))
                shown = results[name][-1] or "failed"
                print(f"{title}, round {i + 1}, {name}: {shown}", file=sys.stderr)
        print_table(title, results)
        times = ratio(results[OURS], results["libtorch"])
        report.append({"comparison": title, "ours_is_times_as_fast": times, "rounds": results})
        (HERE / "target" / "compare.json").write_text(json.dumps(report, indent=2) + "\n")
    sys.exit(any(None in rounds for entry in report for rounds in entry["rounds"].values()))


main()
