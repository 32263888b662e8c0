"""What SciPy says of paired differences: the expected values of the trainer's statistics tests.

    python3 paired_statistics.py

prints them; PairedTostTest, PairedTTestTest and SignFlipTest hold them. SciPy 1.11 or newer.
"""

import numpy as np
from scipy import stats

DIFFERENCES = np.array([0.0021, -0.0013, 0.0042, 0.0008, 0.0031, -0.0005])
MARGIN = 0.01


def main():
    d = DIFFERENCES
    two_sided = stats.ttest_1samp(d, 0)
    lower = stats.ttest_1samp(d, -MARGIN, alternative="greater")
    upper = stats.ttest_1samp(d, MARGIN, alternative="less")
    flips = stats.permutation_test((d,), np.mean, permutation_type="samples", n_resamples=np.inf)
    print("mean, SD", d.mean(), d.std(ddof=1))
    print("t, p", two_sided.statistic, two_sided.pvalue)
    print("lower t, p", lower.statistic, lower.pvalue)
    print("upper t, p", upper.statistic, upper.pvalue)
    for level in (0.9, 0.95):
        interval = two_sided.confidence_interval(level)
        print(f"{level:.0%} interval", interval.low, interval.high)
    print("sign flips p", flips.pvalue)


if __name__ == "__main__":
    main()
