#!/usr/bin/env python3
"""Compares the highest IRQL that generated headers state with what other headers state in SAL.

    compare_irql.py --include DIR --against DIR [--lint FILE] [--report FILE] [--bar PERCENT]

DIR of --against holds headers with _IRQL_requires_max_ or __drv_maxIRQL, for instance a Windows Driver Kit's include/km. FILE of --lint is
what `ddigen lint --format json` prints: it tells whether a page's front matter and its remarks contradict each other. Every disagreement
is listed with both levels, the page, and that. Exit code 0: agreement is at least the bar; 1: it is not; 2: nothing to compare.
"""
import argparse
import json
import pathlib
import re
import sys

LEVEL = re.compile(r"\b(?:_IRQL_requires_max_|_IRQL_requires_|__drv_maxIRQL|__drv_requiresIRQL)\s*\(\s*(\w+)\s*\)")
CONDITIONAL = re.compile(r"\b(?:_When_|__drv_when)\s*\(")
NUMBERS = {"PASSIVE_LEVEL": 0, "LOW_LEVEL": 0, "APC_LEVEL": 1, "DISPATCH_LEVEL": 2, "IPI_LEVEL": 14, "HIGH_LEVEL": 15}
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def statements(text):
    """Text of each declaration at the top of a header, without what stands in braces."""
    depth, begin = 0, 0
    for at, char in enumerate(text):
        if char == "{":
            depth += 1
        elif char == "}":
            depth = max(0, depth - 1)
            if depth == 0:
                begin = at + 1
        elif char == ";" and depth == 0:
            yield text[begin:at]
            begin = at + 1
        elif char == "{" and depth == 0:
            begin = at + 1


def without_conditions(text):
    """SAL under a condition says nothing about every call."""
    while found := CONDITIONAL.search(text):
        depth, at = 1, found.end()
        while at < len(text) and depth:
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
        text = text[: found.start()] + text[at:]
    return text


def name_of(text):
    """The name that the declaration declares: the word before the first list that is no annotation's."""
    for found in re.finditer(r"(?:\(\s*\w*\s*\*?\s*(\w+)\s*\)|\b(\w+))\s*\(", text):
        name = found.group(1) or found.group(2)
        if not re.match(r"_|DECLSPEC|__", name):
            return name
    return None


def stated_levels(folder):
    levels = {}
    for path in sorted(pathlib.Path(folder).rglob("*.h")):
        text = COMMENT.sub(" ", path.read_text(encoding="utf-8", errors="replace"))
        text = re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", "", text, flags=re.MULTILINE)
        text = re.sub(r'extern\s+"C"\s*\{', "", text)
        for statement in statements(text):
            stated = [NUMBERS[level] for level in LEVEL.findall(without_conditions(statement)) if level in NUMBERS]
            name = name_of(LEVEL.sub(" ", statement)) if stated else None
            if name:
                levels.setdefault(name, (max(stated), path.name))
    return levels


def pages_of(folder):
    """Name → page, from the comments of the generated headers."""
    pages = {}
    for path in sorted(pathlib.Path(folder).glob("*.h")):
        text = path.read_text(encoding="utf-8")
        for comment in re.finditer(r"/\*\*(.*?)\*/(.*?);", text, re.DOTALL):
            page = re.search(r"Page: (\S+\.md)", comment.group(1))
            name = name_of(LEVEL.sub(" ", comment.group(2)))
            if page and name:
                pages.setdefault(name, page.group(1))
    return pages


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--include", required=True)
    parser.add_argument("--against", required=True)
    parser.add_argument("--lint")
    parser.add_argument("--report")
    parser.add_argument("--bar", type=float, default=93)
    arguments = parser.parse_args()
    ours, theirs, pages = stated_levels(arguments.include), stated_levels(arguments.against), pages_of(arguments.include)
    contradicting = set()
    if arguments.lint:
        findings = json.loads(pathlib.Path(arguments.lint).read_text(encoding="utf-8"))
        contradicting = {finding.get("page") for finding in findings if finding["code"] == "irql-contradiction"}
    common = sorted(set(ours) & set(theirs))
    if not common:
        print(f"compare_irql.py: no function has a highest IRQL in both {arguments.include} and {arguments.against}", file=sys.stderr)
        return 2
    lines = []
    for name in common:
        if ours[name][0] == theirs[name][0]:
            continue
        page = pages.get(name, "?")
        said = "front matter and remarks contradict each other" if page in contradicting else "front matter and remarks do not contradict each other"
        lines.append(f"{name}: {ours[name][0]} in {ours[name][1]}, {theirs[name][0]} in {theirs[name][1]}; {page}: {said}")
    percent = 100 * (len(common) - len(lines)) / len(common)
    report = "\n".join([*lines, f"{len(common) - len(lines)} of {len(common)} agree: {percent:.1f}%"]) + "\n"
    if arguments.report:
        pathlib.Path(arguments.report).write_text(report, encoding="utf-8")
    print(report, end="")
    return 0 if percent >= arguments.bar else 1


if __name__ == "__main__":
    sys.exit(main())
