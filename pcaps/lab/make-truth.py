#!/usr/bin/env python3
"""Turns charon logs into NAME.truth.json (what the daemon says happened) and NAME.keys.

  make-truth.py [FOLDER...]                        lab folders: a.l4.log, b.l4.log, a.l1.log, b.l1.log
  make-truth.py --seed FOLDER NAME INITIATOR RESPONDER   as make-seed.sh calls it

The truth is never computed, only read: it is there to check programs against.
Standard library only.  SPDX-License-Identifier: Apache-2.0
"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import charonlog


def log_of(folder, stem):
    for name in (f"{stem}.log", f"{stem}.log.gz"):
        if (folder / name).exists():
            return folder / name
    return None


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1) + "\n")


def as_list(value):
    return value if isinstance(value, list) else [value] if value else []


def dh_tables(pairs):
    """[[dh]] tables: one per distinct secret, with every daemon that printed it"""
    seen = {}
    for who, value in pairs:
        seen.setdefault(value, []).append(who)
    return "".join(f'\n[[dh]]\nshared = "{v}"\ncomment = "{" and ".join(dict.fromkeys(w))}"\n' for v, w in seen.items())


def seed(folder, name, initiator, responder):
    sides = {r: charonlog.secrets(folder / f"{r}.l4.log") for r in (initiator, responder)}
    count = {"ID_PROT": 0, "QUICK_MODE": 0}
    payloads = []
    for m in charonlog.messages(folder / f"{initiator}.l1.log"):
        if m["exchange"] not in count:
            label = m["exchange"]
        else:
            count[m["exchange"]] += 1
            label = ("MM" if m["exchange"] == "ID_PROT" else "QM") + str(count[m["exchange"]])
        payloads.append([label, m["payloads"]])
    mine = sides[initiator]
    truth = {k: mine.get(k) for k in ("skeyid", "skeyid_d", "skeyid_a", "skeyid_e", "ka", "hash_i", "hash_r", "dh")}
    truth["payloads"] = payloads
    truth["source"] = f"log of {initiator}, the initiator"
    truth["sides"] = sides
    write_json(folder / f"{name}.truth.json", truth)
    head = 'format = "ikescope-secrets/1"\n# The pre-shared keys are in R1.cfg and R2.cfg.\n'
    (folder / f"{name}.keys").write_text(
        head + dh_tables((f"charon of {r}, {name}", v) for r in sides for v in as_list(sides[r].get("dh"))))


def lab(folder):
    truth = {}
    for side in ("a", "b"):
        l1, l4 = log_of(folder, f"{side}.l1"), log_of(folder, f"{side}.l4")
        if l1 is None and l4 is None:
            continue
        truth[side] = charonlog.secrets(l4) if l4 else {}
        truth[side]["messages"] = list(charonlog.messages(l1 or l4))
    if truth:
        write_json(folder / f"{folder.name}.truth.json", truth)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--seed"]:
        seed(Path(sys.argv[2]), *sys.argv[3:6])
    else:
        here = Path(__file__).resolve().parent
        for f in [Path(a).resolve() for a in sys.argv[1:]] or sorted(p for p in here.iterdir() if p.is_dir()):
            lab(f)
