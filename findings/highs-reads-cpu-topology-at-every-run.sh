#!/usr/bin/env bash
# highspy 1.16.0 (HiGHS 1.16.0): every `run()` opens two files under /sys for each processor that the thread may use.
#
# The number of physical cores is worked out anew at each run, also with `threads = 1`, and also for a model whose answer stands
# already. A method that solves thousands of small linear programs, as separation of cuts and attacks on tables do, spends
# a good part of its time there, and the more the more processors the machine has. highspy 1.12.0 opens none of these files.
# No option turns it off; a thread that is bound to one processor opens two files.
#
# tabsafe starts fewer programs: what moved on the way to one target is an answer for others.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/new"
python3 -m venv "$dir/old"
"$dir/new/bin/pip" install --quiet highspy==1.16.0
"$dir/old/bin/pip" install --quiet highspy==1.12.0
cat >"$dir/count.py" <<'PY'
"""Counts, by inotify, the files of the topology that each run of a solved program opens."""
import ctypes
import os
import struct
import sys

import highspy

RUNS = 20
processors = sorted(os.sched_getaffinity(0))
if len(sys.argv) > 1:
    processors = processors[: int(sys.argv[1])]
    os.sched_setaffinity(0, processors)
libc = ctypes.CDLL(None, use_errno=True)
watch = libc.inotify_init1(os.O_NONBLOCK)
IN_OPEN = 0x20
for processor in processors:
    for name in ("physical_package_id", "core_id"):
        path = f"/sys/devices/system/cpu/cpu{processor}/topology/{name}"
        assert libc.inotify_add_watch(watch, path.encode(), IN_OPEN) >= 0, path


def opened():
    count = 0
    while True:
        try:
            events = os.read(watch, 1 << 16)
        except BlockingIOError:
            return count
        at = 0
        while at < len(events):
            _, mask, _, length = struct.unpack_from("iIII", events, at)
            count += bool(mask & IN_OPEN)
            at += 16 + length


solver = highspy.Highs()
solver.setOptionValue("output_flag", False)
solver.setOptionValue("threads", 1)
x = solver.addVariable(0, 4)
solver.addConstr(x >= 1)
solver.minimize(x)
opened()
before = opened()
counts = []
for _ in range(RUNS):
    solver.run()
    counts.append(opened())
assert solver.getInfo().objective_function_value == 1
print(f"highspy {solver.version()}, {len(processors)} processors: files opened per run {sorted(set(counts))}")
expected = 2 * len(processors) if solver.version().startswith("1.16.") else 0
sys.exit(0 if set(counts) == {expected} else 1)
PY
"$dir/new/bin/python" "$dir/count.py"
"$dir/new/bin/python" "$dir/count.py" 1
"$dir/old/bin/python" "$dir/count.py"
