#!/usr/bin/env python3
"""hover_test.py CLANGD INCLUDE_DIR: what an editor shows of a function when the pointer rests on a call of it.

A source and the headers' own .clangd beside it, no build system: clangd must find the declaration's comment, with the IRQL and the page.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = """#include <wdm.h>
void lock(PKSPIN_LOCK spin, PKIRQL irql) { KeAcquireSpinLock(spin, irql); }
"""


class Server:
    def __init__(self, clangd, folder):
        self.process = subprocess.Popen([clangd, "--log=error"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def answer(self, number):
        while True:
            length = 0
            while line := self.process.stdout.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if length == 0:
                sys.exit("hover_test.py: clangd ended without an answer")
            message = json.loads(self.process.stdout.read(length))
            if message.get("id") == number:
                return message


def hover(clangd, folder):
    path = folder / "driver.c"
    path.write_text(SOURCE)
    uri = path.as_uri()
    server = Server(clangd, folder)
    server.send({"id": 1, "method": "initialize", "params": {"capabilities": {}, "rootUri": folder.as_uri(), "processId": None}})
    server.answer(1)
    server.send({"method": "initialized", "params": {}})
    document = {"uri": uri, "languageId": "c", "version": 1, "text": SOURCE}
    server.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
    line = SOURCE.splitlines()[1]
    place = {"line": 1, "character": line.index("KeAcquireSpinLock") + 3}
    server.send({"id": 2, "method": "textDocument/hover", "params": {"textDocument": {"uri": uri}, "position": place}})
    shown = server.answer(2)
    server.process.kill()
    return json.dumps(shown.get("result") or {})


def main():
    clangd, include = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shutil.copytree(include, folder / "include")
        shutil.copy(include / ".clangd", folder / ".clangd")
        shown = hover(clangd, folder)
    missing = [words for words in ("KeAcquireSpinLock", "IRQL", "DISPATCH_LEVEL", "keacquirespinlock.md") if words not in shown]
    print(shown)
    if missing:
        sys.exit(f"hover_test.py: not shown: {', '.join(missing)}")


if __name__ == "__main__":
    main()
