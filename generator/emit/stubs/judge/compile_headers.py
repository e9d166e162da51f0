#!/usr/bin/env python3
"""Compiles generated headers with one compiler: each header on its own, families of them together, or sources against them.

    compile_headers.py --include DIR --with NAME                      every header on its own
    compile_headers.py --include DIR --with NAME --families REPORT    the headers of each family, and all, in one file
    compile_headers.py --include DIR --with NAME --source FILE...     sources, with the headers on the include path

REPORT is what `ddigen coverage --headers --format json` prints; a family is the headers of one "technology". Warnings are errors.
Exit code 0: all compile; 1: the failures are listed with their first errors; 2: the compiler is not there.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]
C, CXX = ["-std=c11", "-xc"], ["-std=c++20", "-xc++"]
WINDOWS = ["-target", "x86_64-pc-windows-msvc"]
COMPILERS = {
    "g++": ["g++", *CXX],
    "gcc": ["gcc", *C],
    "clang++": ["clang++", *CXX],
    "clang": ["clang", *C],
    "mingw-g++": ["x86_64-w64-mingw32-g++", *CXX],
    "mingw-gcc": ["x86_64-w64-mingw32-gcc", *C],
    "clang++-msvc": ["clang++", *WINDOWS, *CXX],
    "clang-msvc": ["clang", *WINDOWS, *C],
}
# tech.root of the pages, and all of them at once.
FAMILIES = ["kernel", "netvista", "wdf", "stream", "display", "print", "storage"]


def compile_text(command, text):
    run = subprocess.run(command, input=text, capture_output=True, text=True, errors="replace")
    errors = [line for line in run.stderr.splitlines() if " error: " in line or "fatal error" in line]
    return run.returncode == 0, errors or run.stderr.splitlines()


def units(arguments):
    """Name → text of each translation unit."""
    if arguments.source:
        return {path: f'#include "{os.path.abspath(path)}"\n' for path in arguments.source}
    headers = sorted(name for name in os.listdir(arguments.include) if name.endswith(".h"))
    if not arguments.families:
        return {name: f'#include "{name}"\n' for name in headers}
    with open(arguments.families, encoding="utf-8") as file:
        report = json.load(file)["headers"]
    members = collections.defaultdict(list)
    for name, header in sorted(report.items()):
        members[header["technology"]].append(name)
    families = {family: members[family] for family in FAMILIES}
    families["all"] = headers
    empty = [family for family, names in families.items() if not names]
    if empty:
        sys.exit(f"compile_headers.py: no header belongs to {', '.join(empty)}")
    return {family: "".join(f'#include "{name}"\n' for name in names) for family, names in families.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--include", required=True)
    parser.add_argument("--with", dest="compiler", required=True, choices=COMPILERS)
    parser.add_argument("--families")
    parser.add_argument("--source", nargs="+")
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    command = COMPILERS[arguments.compiler]
    if shutil.which(command[0]) is None:
        print(f"compile_headers.py: {command[0]} is not installed", file=sys.stderr)
        return 2
    command = [*command, *WARNINGS, "-I", arguments.include, "-"]
    if not os.path.isdir(arguments.include):
        print(f"compile_headers.py: {arguments.include} is not there", file=sys.stderr)
        return 2
    work = units(arguments)
    if not work:
        print(f"compile_headers.py: no headers in {arguments.include}", file=sys.stderr)
        return 2
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        results = pool.map(lambda text: compile_text(command, text), work.values())
        for name, (good, errors) in zip(work, results):
            if good:
                continue
            failed += 1
            print(f"{name}: {len(errors)} errors")
            for line in errors[:5]:
                print(f"    {line}")
    print(f"{arguments.compiler}: {len(work) - failed} of {len(work)} compile")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
