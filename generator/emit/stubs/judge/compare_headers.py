#!/usr/bin/python3
"""Our generated headers against mingw-w64's: prototypes, methods, sizes and offsets, enumerators; percentages and every disagreement.

    compare_headers.py OUR_INCLUDE [--mingw DIR] [--report FILE] [--json FILE] [--only a.h,b.h] [--bars] [--exceptions FILE]

Names that stand in several headers are compared with the header of the same name; where mingw has none of that name, with any header
that has the name (agreement with one of them is agreement). --bars: exit 1 where a bar is not reached.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
if "/usr/lib/python3/dist-packages" not in sys.path:
    sys.path.append("/usr/lib/python3/dist-packages")

from header_facts import Collector  # noqa: E402
from mingw_facts import DEFINES, arguments, read_mingw  # noqa: E402

HERE = os.path.dirname(os.path.realpath(__file__))
BARS = {"prototypes": 96.0, "prototypes inferred": 85.0, "layout": 95.0}
ORIGIN = re.compile(r"Declared by: (\w+)(?: (of|on))?")


def own_unit(job):
    folder, header = job
    folder = os.path.realpath(folder)
    path = os.path.join(folder, header)
    collector = Collector(lambda p: header.lower() if os.path.realpath(p) == path else None, whole_blocks=True)
    flags = [f for f in arguments("/nowhere", "c++", False) if f not in DEFINES]
    flags[flags.index("-std=c++17")] = "-std=c++20"
    errors = collector.parse(f'#include "{header}"\n', flags + ["-I", folder], "c++")
    return collector.facts.as_dict(), [f"{header}: {e.spelling}" for e in errors[:3]]


def read_own(folder, only, jobs):
    headers = only or sorted(h for h in os.listdir(folder) if h.endswith(".h") and not h.startswith("ddi_"))
    merged, errors = collections.defaultdict(dict), []
    with ProcessPoolExecutor(jobs) as pool:
        for facts, bad in pool.map(own_unit, [(folder, h) for h in headers], chunksize=2):
            errors += bad
            for kind, found in facts.items():
                merged[kind].update(found)
    return merged, errors


def origin_of(comment):
    if re.search(r"\binferred\b|\binference\b", comment, re.I) and not re.search(r"Declared by: (declaration|overlay)", comment):
        return "inferred"
    found = ORIGIN.search(comment)
    if not found:
        return "none"
    return "history" if found.groups() == ("declaration", "of") else found.group(1)


def page_of(comment):
    found = re.search(r"Page: (\S+?)\.?\s", comment)
    return found.group(1).split("content/")[-1] if found else ""


def written(p):
    return f"{p[0]} ({', '.join(p[1])}{', ...' if p[2] else ''})"


def shallow(text):
    """A function type inside a prototype counts as what it is, not for its own parameters: those are counted with its own name."""
    while "fn(" in text:
        at = text.index("fn(")
        depth, end = 0, at + 2
        for end in range(at + 2, len(text)):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            if depth == 0:
                break
        text = text[:at] + "FUNCTION" + text[end + 1:]
    return text


def same_prototype(ours, theirs):
    flat = lambda p: [shallow(p[0]), [shallow(x) for x in p[1]], p[2]]  # noqa: E731
    return flat(ours) == flat(theirs)


class Index:
    """mingw's entries by name; an entry of a header for which we have that name too belongs to that one alone."""

    def __init__(self, headers, ours):
        self.headers = headers
        self.ours = ours
        self.by_name = collections.defaultdict(list)
        for header, entries in headers.items():
            for name, value in entries.items():
                self.by_name[name].append((header, value["is"]))

    def candidates(self, header, name):
        own = self.headers.get(header, {}).get(name)
        if own is not None:
            return [(header, own["is"])]
        return [c for c in self.by_name.get(name, []) if name not in self.ours.get(c[0], {})]


def compare_prototypes(ours, theirs, kind, result):
    for header, entries in sorted(ours.items()):
        for name, value in sorted(entries.items()):
            candidates = theirs.candidates(header, name)
            if not candidates or result.other_thing(header, name):
                continue
            origin = origin_of(value["comment"])
            agree = any(same_prototype(value["is"], other) for _, other in candidates)
            result.count(kind, origin, agree)
            if not agree:
                result.disagree(kind, header, name, origin, page_of(value["comment"]), written(value["is"]),
                                f"{written(candidates[0][1])} [{candidates[0][0]}]")


def opaque(record):
    return [f[0] for f in record["fields"]] == ["Opaque"]


def layout_difference(ours, theirs):
    """Why two layouts differ, or None."""
    places = {f[0]: f[1:] for f in theirs["fields"]}
    moved = [f"{f[0]} at {f[1] // 8}, not {places[f[0]][0] // 8}" for f in ours["fields"] if f[0] in places and places[f[0]][0] != f[1]]
    if moved or ours["size"] != theirs["size"]:
        return f"size {ours['size']}, not {theirs['size']}" + ("; " + "; ".join(moved[:3]) if moved else "")
    return None


def compare_records(ours, theirs, result):
    for header, entries in sorted(ours.items()):
        for name, value in sorted(entries.items()):
            candidates = [c for c in theirs.candidates(header, name) if c[1]["fields"]]
            if not candidates or not value["is"]["fields"] or result.other_thing(header, name):
                continue
            differences = [layout_difference(value["is"], other) for _, other in candidates]
            origin = origin_of(value["comment"])
            kind = "layout opaque" if opaque(value["is"]) or "Partial:" in value["comment"] else "layout"
            result.count(kind, origin, None in differences)
            if None not in differences:
                names = {f[0] for f in value["is"]["fields"]}
                other = {f[0] for f in candidates[0][1]["fields"]}
                result.disagree(kind, header, name, origin, page_of(value["comment"]),
                                differences[0] + f"; fields only ours: {sorted(names - other)[:6]}",
                                f"only theirs: {sorted(other - names)[:6]} [{candidates[0][0]}]")


def compare_enumerators(ours, theirs, result):
    for header, entries in sorted(ours.items()):
        for name, value in sorted(entries.items()):
            number, tag = value["is"]
            candidates = [c for c in theirs.candidates(header, name) if c[0] == header or c[1][1] == tag]
            if not candidates:
                continue
            origin = origin_of(value["comment"])
            agree = any(other[0] & 0xFFFFFFFF == number & 0xFFFFFFFF for _, other in candidates)
            result.count("enumerators", origin, agree)
            if not agree:
                result.disagree("enumerators", header, name, origin, page_of(value["comment"]), str(number),
                                f"{candidates[0][1][0]} [{candidates[0][0]}]")


class Result:
    def __init__(self, exceptions):
        self.counts = collections.defaultdict(lambda: [0, 0])
        self.rows = []
        self.exceptions = exceptions

    def other_thing(self, header, name):
        return self.exceptions.get(f"{header} {name}", "").startswith("another")

    def count(self, kind, origin, agree):
        self.counts[kind, origin][0 if agree else 1] += 1

    def disagree(self, kind, header, name, origin, page, ours, theirs):
        self.rows.append({"kind": kind, "header": header, "name": name, "origin": origin, "page": page, "ours": ours, "theirs": theirs,
                          "reason": self.exceptions.get(f"{header} {name}", "")})

    def sum(self, kinds, origins=None, without=()):
        agree = differ = 0
        for (kind, origin), (a, d) in self.counts.items():
            if kind in kinds and (origins is None or origin in origins) and origin not in without:
                agree, differ = agree + a, differ + d
        return agree, differ

    def bars(self):
        prototypes = ("functions", "callbacks", "methods")
        return {"prototypes": self.sum(prototypes, without=("inferred",)), "prototypes inferred": self.sum(prototypes, ("inferred",)),
                "layout": self.sum(("layout",))}

    def text(self):
        def percent(a, d):
            return f"{a} of {a + d} agree, {100 * a / (a + d):.1f}%" if a + d else "none in both"
        lines = []
        for name, (a, d) in self.bars().items():
            lines.append(f"{name}: {percent(a, d)} (bar {BARS[name]}%)")
        lines.append("")
        for key in sorted(self.counts):
            lines.append(f"  {key[0]}, {key[1]}: {percent(*self.counts[key])}")
        for kind in ("functions", "callbacks", "methods", "layout", "layout opaque", "enumerators"):
            rows = [r for r in self.rows if r["kind"] == kind]
            lines += ["", f"== {kind}: {len(rows)} disagreements"]
            for r in rows:
                lines.append(f"{r['header']} {r['name']} ({r['origin']}; {r['page']})" + (f" [excepted: {r['reason']}]" if r["reason"] else ""))
                lines += [f"    ours    {r['ours']}", f"    theirs  {r['theirs']}"]
        return "\n".join(lines) + "\n"


def read_exceptions(path):
    """Lines "header name: reason": mingw-w64 is known to differ from Windows there. They stay counted; the report says why.
    A reason that begins with "another" says that mingw has something else of that name: those are not compared."""
    out = {}
    if os.path.exists(path):
        with open(path) as file:
            for line in file:
                if line.strip() and not line.startswith("#"):
                    key, _, reason = line.strip().partition(": ")
                    out[key] = reason
    return out


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("include")
    p.add_argument("--mingw", default="/usr/share/mingw-w64/include")
    p.add_argument("--cache", default=f"/tmp/ddigen-mingw-facts.{os.getuid()}.json")
    p.add_argument("--report")
    p.add_argument("--json")
    p.add_argument("--only")
    p.add_argument("--generate", nargs=2, metavar=("DDIGEN", "SOURCE"), help="make OUR_INCLUDE first")
    p.add_argument("--exceptions", default=os.path.join(HERE, "exceptions.txt"))
    p.add_argument("--bars", action="store_true")
    p.add_argument("--jobs", type=int, default=2)
    a = p.parse_args()
    if a.generate:
        subprocess.run([a.generate[0], "generate", a.generate[1], "--out", a.include, "--only", "stubs"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        a.include = os.path.join(a.include, "include")
    only = a.only.split(",") if a.only else None
    theirs = read_mingw(a.mingw, a.cache, a.jobs)
    ours, errors = read_own(a.include, only, a.jobs)
    for error in errors[:20]:
        print("not read cleanly:", error, file=sys.stderr)
    result = Result(read_exceptions(a.exceptions))
    mine = {kind: Index(theirs[kind], ours[kind]) for kind in theirs}
    compare_prototypes(ours["functions"], mine["functions"], "functions", result)
    compare_prototypes(ours["callbacks"], mine["callbacks"], "callbacks", result)
    compare_prototypes(ours["methods"], mine["methods"], "methods", result)
    compare_records(ours["records"], mine["records"], result)
    compare_enumerators(ours["enumerators"], mine["enumerators"], result)
    text = result.text()
    if a.report:
        with open(a.report, "w") as file:
            file.write(text)
    if a.json:
        with open(a.json, "w") as file:
            json.dump(result.rows, file, indent=1)
    print(text.split("\n== ")[0] if a.report else text)
    failed = [name for name, (x, d) in result.bars().items() if x + d and 100 * x / (x + d) < BARS[name]]
    if a.bars and failed:
        print("bars not reached:", ", ".join(failed), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
