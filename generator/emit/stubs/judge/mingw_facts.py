"""mingw-w64's headers -> facts, each header in a context that it compiles in; kept in a file for the next run."""
import glob
import hashlib
import json
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor

from header_facts import Collector, Facts

DEFINES = ["-D_WIN32_WINNT=0x0A00", "-DWINVER=0x0A00", "-DNTDDI_VERSION=0x0A00000B", "-DNDIS_MINIPORT_DRIVER", "-DNDIS630_MINIPORT",
           "-DNDIS_SUPPORT_NDIS6=1", "-DUNICODE", "-DINITGUID"]
# mingw's headers of Direct3D's user-mode drivers, printing, … stand after these.
USER = ["windows.h", "winioctl.h", "objbase.h", "initguid.h"]
KERNEL = ["ntifs.h"]
# What many kernel headers use and do not include.
PRELUDE = ["usb.h", "srb.h", "scsi.h", "strmini.h"]
# Headers outside of ddk/ that the documentation has too.
OWN = set("""
bdamedia.h bdatypes.h bidispl.h compstui.h d3d9types.h d3dcaps.h d3dhal.h dbgeng.h dsound.h dxgitype.h dxva.h
fltuserstructures.h gpio.h hidclass.h hidpi.h hidsdi.h kcom.h ks.h ksmedia.h ksproxy.h mxdc.h ntdd8042.h ntddcdrm.h
ntddcdvd.h ntddchgr.h ntdddisk.h ntddmmc.h ntddndis.h ntddpar.h ntddscsi.h ntddser.h ntddstor.h ntddtape.h ntddvdeo.h
ntddvol.h portabledevicetypes.h prntfont.h sti.h storduid.h usb.h usbcamdi.h usbioctl.h usbprint.h usbscan.h usbspec.h
wiadef.h wiadevd.h winddiui.h windot11.h winsmcrd.h winsplp.h winspool.h wlanihvtypes.h wlantypes.h wmistr.h xpsrassvc.h
""".split())
BATCH = 24


def arguments(root, language, kernel):
    include = [os.path.join(root, "ddk"), root] if kernel else [root, os.path.join(root, "ddk")]
    resource = sorted(glob.glob("/usr/lib/llvm-14/lib/clang/*/include"))[-1:]
    flags = ["-target", "x86_64-w64-mingw32", "-nostdinc", "-x", language, "-ferror-limit=0", "-fms-extensions", "-w"]
    flags += ["-std=c++17"] if language == "c++" else ["-std=gnu11"]
    for path in resource + include:
        flags += ["-isystem", path]
    return flags + DEFINES


def digest_of_readers():
    """Facts kept by another version of this program are of no use."""
    digest = hashlib.sha256()
    for name in ("mingw_facts.py", "header_facts.py"):
        with open(os.path.join(os.path.dirname(os.path.realpath(__file__)), name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def unit(job):
    root, language, kernel, headers, precompiled, save = job
    collector = Collector(lambda path: os.path.basename(path).lower() if path.startswith(root) else None)
    text = "".join(f"#include <{h}>\n" for h in headers)
    collector.parse(text, arguments(root, language, kernel), language, precompiled, save)
    return collector.facts.as_dict()


def read_mingw(root, cache, jobs):
    """Facts of the headers for drivers one by one, and of all the others in batches."""
    version = str(max(os.path.getmtime(p) for p in glob.glob(root + "/*.h"))) + digest_of_readers()
    if cache and os.path.exists(cache):
        with open(cache) as file:
            kept = json.load(file)
        if kept["version"] == version:
            return kept["facts"]
    user = sorted(os.path.basename(p) for p in glob.glob(root + "/*.h"))
    kernel = sorted(os.path.basename(p) for p in glob.glob(root + "/ddk/*.h"))
    merged = Facts().as_dict()

    def merge(facts):
        for kind, headers in facts.items():
            for header, entries in headers.items():
                into = merged[kind].setdefault(header, {})
                for name, value in entries.items():
                    value.pop("comment", None)
                    into.setdefault(name, value)

    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(jobs) as pool:
        bases = {("c", True): KERNEL, ("c++", True): KERNEL, ("c++", False): USER}
        kept = {key: os.path.join(folder, f"{key[0]}{key[1]}.pch") for key in bases}
        for facts in pool.map(unit, [(root, *key, headers, None, kept[key]) for key, headers in bases.items()]):
            merge(facts)

        def job(language, in_kernel, headers):
            return (root, language, in_kernel, headers, kept[language, in_kernel], None)
        work = []
        for header in kernel:
            work += [job("c", True, [header]), job("c++", True, [header]), job("c++", False, [header])]
            work += [job("c++", True, PRELUDE + [header]), job("c", True, PRELUDE + [header])]
        for header in user:
            if header.lower() in OWN:
                work += [job("c++", False, [header]), job("c++", False, ["mmreg.h", "ks.h", header]), job("c", True, [header]),
                         job("c", True, PRELUDE + [header])]
        rest = [h for h in user if h.lower() not in OWN and not h.startswith(("d3dx", "__", "crtdbg"))]
        work += [job("c++", False, rest[at:at + BATCH]) for at in range(0, len(rest), BATCH)]
        for facts in pool.map(unit, work, chunksize=4):
            merge(facts)
    if cache:
        with open(cache, "w") as file:
            json.dump({"version": version, "facts": merged}, file)
    return merged
