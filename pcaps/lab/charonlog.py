"""Reads what a charon log prints: secrets (level 4), payload lists (level 1).

Standard library only.  SPDX-License-Identifier: Apache-2.0
"""
import gzip
import re

LINE = re.compile(r"^(?P<time>(?:\w{3} +\d+ )?[\d:.]+) (?P<thread>\d\d)\[(?P<group>[A-Z]{3})\d?\]"
                  r"(?: <(?P<sa>[^>]*)>)? (?P<text>.*)$")
HEAD = re.compile(r"^(?P<label>.*?) => (?P<size>\d+) bytes @ (?:0x[0-9a-f]+|\(nil\))$")
ROW = re.compile(r"^ *(?P<offset>\d+): (?P<bytes>(?:[0-9A-F]{2} ){1,16})")
MESSAGE = re.compile(r"^(generating|parsed) (\S+) (request|response) (\d+) \[ (.*?) ?\]$")


def open_log(path):
    if str(path).endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8", errors="replace")
    return open(path, encoding="utf-8", errors="replace")


def lines(path):
    """(line number, time, thread, group, sa, text) of each line"""
    with open_log(path) as f:
        for number, line in enumerate(f, 1):
            m = LINE.match(line.rstrip("\n"))
            if m:
                yield number, m["time"], m["thread"], m["group"], m["sa"], m["text"]


def dumps(path, groups=("IKE", "CHD")):
    """(line, group, sa, label, hex) of each complete dump; threads may interleave"""
    pending = {}
    for number, _, thread, group, sa, text in lines(path):
        if group not in groups:
            continue
        m = HEAD.match(text)
        if m:
            if int(m["size"]):
                pending[thread, group] = [number, sa, m["label"], int(m["size"]), b""]
            continue
        entry = pending.get((thread, group))
        m = ROW.match(text + " ")
        if entry and m and int(m["offset"]) == len(entry[4]):
            want = min(16, entry[3] - len(entry[4]))
            entry[4] += bytes.fromhex("".join(m["bytes"].split()[:want]))
            if len(entry[4]) == entry[3]:
                yield entry[0], group, entry[1], entry[2], entry[4].hex()
                del pending[thread, group]


def messages(path):
    """One dict per `generating` or `parsed` line, in order"""
    for number, _, _, group, sa, text in lines(path):
        m = MESSAGE.match(text)
        if group == "ENC" and m:
            yield {"direction": "sent" if m[1] == "generating" else "received", "exchange": m[2],
                   "kind": m[3], "message_id": int(m[4]), "payloads": m[5].strip(), "line": number}


# what our documents call the labels of the log
NAMES = {
    "shared Diffie Hellman secret": "dh", "key exchange secret": "dh",
    "SKEYID": "skeyid", "SKEYID_d": "skeyid_d", "SKEYID_a": "skeyid_a", "SKEYID_e": "skeyid_e",
    "encryption key Ka": "ka", "initial IV": "initial_iv", "HASH_I": "hash_i", "HASH_R": "hash_r",
    "SKEYSEED": "skeyseed", "Sk_d secret": "sk_d", "Sk_ai secret": "sk_ai", "Sk_ar secret": "sk_ar",
    "Sk_ei secret": "sk_ei", "Sk_er secret": "sk_er", "Sk_pi secret": "sk_pi", "Sk_pr secret": "sk_pr",
    "DH secret": "pfs_dh",
    "encryption initiator key": "child_encryption_i", "encryption responder key": "child_encryption_r",
    "integrity initiator key": "child_integrity_i", "integrity responder key": "child_integrity_r",
}


def secrets(path):
    """{name: value}; a list of values if the log has several different ones"""
    found = {}
    for _, _, _, label, value in dumps(path):
        name = NAMES.get(label)
        if name is None and label.startswith("next IV for MID "):
            found.setdefault("next_iv", []).append([int(label.split()[-1]), value])
            continue
        if name and value not in found.setdefault(name, []):
            found[name].append(value)
    return {k: v if k == "next_iv" or len(v) > 1 else v[0] for k, v in found.items()}
