"""Runs our trainer and its peers in turn and prints a table. Called by compare.sh, which builds."""

import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TIEBREAK = str(ROOT / "tiebreak")
OURS = "tiebreak"


def number(pattern, text):
    found = re.search(pattern, text, re.MULTILINE)
    return float(found[1].replace(",", "")) if found else None


def run(command):
    """What a program printed, or None where it failed; its figures are in lines of their own."""
    whole = [sys.executable, str(HERE / "peak.py"), *command]
    done = subprocess.run(whole, capture_output=True, text=True)
    if done.returncode != 0:
        print(f"failed: {' '.join(command)}\n{done.stdout}{done.stderr}", file=sys.stderr)
        return None
    return done.stdout


def measure(command):
    """Figures of one run. A script that starts a program prints that program's memory first."""
    text = run(command)
    if text is None:
        return None
    settings = re.search(r"^OpenBLAS: .*$", text, re.MULTILINE)
    return {
        "settings": settings[0] if settings else None,
        "tokens_per_second": number(r"^ *tokens +([0-9][0-9.,]*)", text),
        "peak_mb": number(r"^ *peak memory +([0-9]+) MB", text),
        "wall_s": number(r"^ *wall time +([0-9.]+) s", text),
        "training_s": number(r"^ *training time +([0-9.]+) s", text),
        "validation_loss": number(r"^ *validation loss +([0-9.]+)", text),
    }


def our_run(text, number_of_run):
    folder = HERE / "target" / "runs" / str(number_of_run)
    subprocess.run(["rm", "-rf", str(folder)], check=True)
    result = measure(
        [TIEBREAK, "train", "--preset", "shakespeare-char-cpu", "--text", text, "--run", str(folder)]
    )
    if result:
        summary = json.loads((folder / "summary.json").read_text())
        result["training_s"] = summary["timing"]["seconds"]
        result["validation_loss"] = summary["val_loss"]
    return result


def comparisons(options):
    """Title, the figure compared, and for each program what to call with the number of the round."""
    for shape in options.shape or ["small"]:
        if not options.no_train:
            steps = ["--steps", str(options.steps)]
            programs = {
                OURS: lambda _, s=shape: measure([TIEBREAK, "bench", "--shape", s, *steps]),
                "libtorch": lambda _, s=shape: measure(
                    [str(HERE / "libtorch.sh"), s, "train", str(options.steps)]
                ),
            }
            if options.llmc:
                programs["llm.c"] = lambda _, s=shape: measure(
                    [str(HERE / "llmc.sh"), options.llmc, s]
                )
            yield f"training, {shape}", "tokens_per_second", programs
        if options.generate:
            yield f"generation, {shape}", "tokens_per_second", {
                OURS: lambda _, s=shape: measure([TIEBREAK, "bench", "--generate", "--shape", s]),
                "libtorch": lambda _, s=shape: measure([str(HERE / "libtorch.sh"), s, "generate"]),
            }
    if options.nanogpt:
        yield "nanoGPT's Shakespeare run", "wall_s", {
            OURS: lambda i: our_run(options.text, i),
            "nanoGPT": lambda _: measure(
                [str(HERE / "nanogpt.sh"), options.nanogpt, options.text]
            ),
        }


def median(rounds, figure):
    values = [r[figure] for r in rounds if r and r[figure] is not None]
    return statistics.median(values) if values else None


def ratio(ours, theirs, figure):
    """How many times as fast we are: the median over rounds, since both met the same minutes."""
    ratios = [a[figure] / b[figure] for a, b in zip(ours, theirs) if a and b and a[figure] and b[figure]]
    if not ratios:
        return None
    middle = statistics.median(ratios)
    return 1 / middle if figure.endswith("_s") else middle


def cell(value, pattern):
    return "" if value is None else pattern.format(value)


def print_table(title, figure, results):
    print(f"\n{title}")
    print(f"  {'':12}{'tokens/s':>10}{'ours is':>10}{'peak MB':>10}", end="")
    print(f"{'wall s':>10}{'train s':>10}{'val loss':>10}" if figure == "wall_s" else "")
    for name, rounds in results.items():
        times = None if name == OURS else ratio(results[OURS], rounds, figure)
        print(
            f"  {name:12}{cell(median(rounds, 'tokens_per_second'), '{:.1f}'):>10}"
            f"{cell(times, '{:.2f} x'):>10}{cell(median(rounds, 'peak_mb'), '{:.0f}'):>10}",
            end="",
        )
        if figure == "wall_s":
            print(
                f"{cell(median(rounds, 'wall_s'), '{:.1f}'):>10}"
                f"{cell(median(rounds, 'training_s'), '{:.1f}'):>10}"
                f"{cell(median(rounds, 'validation_loss'), '{:.4f}'):>10}",
                end="",
            )
        print(flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="compare.sh")
    parser.add_argument("--shape", action="append", choices=["tiny", "small", "gpt2-124m"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--generate", action="store_true")
    parser.add_argument("--no-train", action="store_true")
    parser.add_argument("--llmc")
    parser.add_argument("--nanogpt")
    parser.add_argument("--text")
    options = parser.parse_args()
    if options.rounds < 1 or options.steps < 1:
        parser.error("--rounds and --steps must be at least 1")
    if bool(options.nanogpt) != bool(options.text):
        parser.error("--nanogpt CHECKOUT and --text FILE go together")
    return options


def main():
    options = arguments()
    report = []
    failed = False
    for title, figure, programs in comparisons(options):
        results = {name: [] for name in programs}
        for i in range(options.rounds):
            for name, program in programs.items():
                result = program(i)
                failed |= result is None
                results[name].append(result)
                shown = {k: v for k, v in (result or {}).items() if v is not None}
                print(f"{title}, round {i + 1}, {name}: {shown or 'failed'}", file=sys.stderr)
        print_table(title, figure, results)
        ratios = {n: ratio(results[OURS], r, figure) for n, r in results.items() if n != OURS}
        report.append({"comparison": title, "ours_is_times_as_fast": ratios, "rounds": results})
        (HERE / "target" / "compare.json").write_text(json.dumps(report, indent=2) + "\n")
    sys.exit(1 if failed else 0)


main()
