"""Runs a command and reports what it took, in two lines after its own output.

    python3 peak.py COMMAND [ARGUMENT...]

Wall time is from the start of the process to its end; peak memory is the most that was ever
resident (ru_maxrss, the kernel's VmHWM). The exit status is the command's.
"""

import os
import subprocess
import sys
import time

start = time.monotonic()
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
seconds = time.monotonic() - start
print(f"  wall time         {seconds:8.2f} s")
print(f"  peak memory       {usage.ru_maxrss >> 10:8d} MB", flush=True)
sys.exit(os.waitstatus_to_exitcode(status))
