#!/usr/bin/env python3
"""Writes the captures of this folder: real IKE of ../lab in another order, and with another address.

  order/make.py        always writes the same bytes for the same sources

PROVENANCE.md says what each file must show.  Standard library only.
SPDX-License-Identifier: Apache-2.0
"""
import importlib.util
import ipaddress
import json
import struct
from pathlib import Path

here = Path(__file__).resolve().parent
lab = here.parent / "lab"
spec = importlib.util.spec_from_file_location("crafted", here.parent / "crafted" / "make.py")
crafted = importlib.util.module_from_spec(spec)
spec.loader.exec_module(crafted)
crafted.here = here


def frames(name):
    return [data for _, data in crafted.read(lab / name / f"{name}.pcap")]


def write(name, packets, sas, keys):
    start = 1_700_000_000 * 10**9
    crafted.pcap(name + ".pcap", crafted.ETHERNET, [(start + i * 10**6, data) for i, data in enumerate(packets)])
    (here / f"{name}.expect.json").write_text(json.dumps({"format": "ikescope/1", "files": [{"packets": len(packets), "ike": len(packets)}], "sas": sas}, indent=1) + "\n")
    texts = [(lab / k / f"{k}.keys").read_text() for k in keys]
    (here / f"{name}.keys").write_text(texts[0] + "".join(t.split("\n", 1)[1] for t in texts[1:]))


def expectation(name):
    return json.loads((lab / name / f"{name}.expect.json").read_text())["sas"][0]


def fragments_of(name, order, requests, responses):
    """The SA of `name` whose fragments come in another order; each is complete with the frame that comes last"""
    sa = expectation(name)
    at = {old: new + 1 for new, old in enumerate(order)}
    for message, (old, count) in zip(sa["messages"][2:], (requests, responses)):
        message["frame"] = max(at[old + i] for i in range(count))
        message["fragments"] = sorted(at[old + i] for i in range(count))
    return sa


def with_payload(message, kind, body):
    """A clear message with one more payload at its end"""
    data, at, next_at = bytearray(message), 28, 16
    while data[next_at]:
        next_at, at = at, at + struct.unpack_from(">H", data, at + 2)[0]
    data[next_at] = kind
    data[at:] = struct.pack(">BBH", 0, 0, 4 + len(body)) + body
    data[24:28] = struct.pack(">I", len(data))
    return bytes(data)


def readdressed(data, payload=None, address=lambda a: a):
    """A UDP frame with another payload or other addresses, lengths and checksums made right"""
    src, dst = (address(str(ipaddress.IPv4Address(data[o:o + 4]))) for o in (26, 30))
    ports = struct.unpack(">HH", data[34:38])
    return data[:14] + crafted.ip4(src, dst, 17, crafted.udp(src, dst, *ports, data[42:] if payload is None else payload))


def main():
    # three fragments each way, 1 3 2 and 3 1 2: Wireshark 4.0 decodes nothing of them
    skf = frames("v2_rsa_frag")
    order = [1, 2, 3, 5, 4, 8, 6, 7]
    sa = fragments_of("v2_rsa_frag", order, (3, 3), (6, 3))
    for message in sa["messages"]:
        message.pop("fragments", None)
    write("skf-132-312", [skf[i - 1] for i in order], [sa], ["v2_rsa_frag"])

    # two Main Modes of one pair of hosts at once, their fragmented MM5 interleaved, both with fragment id 1
    rsa, ecdsa = frames("v1_rsa_frag"), frames("v1_ecdsa_frag")
    mixed = [("r", n) for n in (1, 2, 3, 4)] + [("e", n) for n in (1, 2, 3, 4)]
    mixed += [("r", 5), ("e", 5), ("r", 6), ("e", 6), ("r", 7), ("r", 8), ("e", 7), ("r", 9), ("r", 10)]
    mixed += [("r", n) for n in (11, 12, 13)] + [("e", n) for n in (8, 9, 10)]
    place = {which: i + 1 for i, which in enumerate(mixed)}
    sas = []
    for letter, name in (("r", "v1_rsa_frag"), ("e", "v1_ecdsa_frag")):
        sa = expectation(name)
        sas.append({"version": 1, "mode": "main", "stage": sa["stage"], "initiator_spi": sa["initiator_spi"],
                    "messages": [{"frame": place[letter, m["frame"]], "label": m["label"], "from": m["from"], "encrypted": m["encrypted"],
                                  **({"decrypted": True, "payloads": m["payloads"]} if m["encrypted"] else {})} for m in sa["messages"]]})
    packets = {"r": rsa, "e": ecdsa}
    write("fragments-interleaved", [packets[w][n - 1] for w, n in mixed], sas, ["v1_rsa_frag", "v1_ecdsa_frag"])

    # the initiator behind a NAT: its address is another one outside, the hashes in its NAT-D payloads are not
    translated = [readdressed(data, address=lambda a: "203.0.113.7" if a == "10.77.0.1" else a) for data in frames("v1_aes_sha384")]
    write("nat-v1", translated, [{"version": 1, "stage": "QM_COMPLETE", "initiator": {"address": "203.0.113.7"},
                                  "nat": "the initiator is behind NAT (or forces NAT traversal): no hash of its own address fits its packets; "
                                         "the initiator is behind NAT: its peer's hash of the destination does not fit the packets",
                                  "authentication": {"initiator": "verified", "responder": "verified"}}], ["v1_aes_sha384"])

    # seven vendor IDs in one message: the five of charon and two more
    v1 = frames("v1mm_ok")
    first = with_payload(with_payload(v1[0][42:], 13, bytes.fromhex("12f5f28c457168a9702d9fe274cc0100")), 13, b"a vendor of its own")
    write("vendor-ids-7", [readdressed(v1[0], first)], [{"version": 1, "messages": [{"frame": 1, "label": "MM1", "payloads": ["SA"] + ["V"] * 7}]}], ["v1mm_ok"])

    # a Delete in MM3, where none belongs; both ends go on
    third = with_payload(v1[2][42:], 12, struct.pack(">IBBH", 1, 3, 4, 1) + b"\x12\x34\x56\x78")
    write("illegal-v1", v1[:2] + [readdressed(v1[2], third)] + v1[3:],
          [{"version": 1, "stage": "QM_COMPLETE", "authentication": {"initiator": "verified", "responder": "verified"},
            "findings_include": [{"id": "illegal-message", "severity": "warning", "frames": [3], "source": "RFC 2409 5.1, 5.4; NAT-D: RFC 3947 3.2"}]}], ["v1mm_ok"])

    # IKE_SA_INIT without a nonce: nobody answers
    request = frames("v2_ok")[0][42:]
    at, before = 28, 16
    while request[before] != 40:
        before, at = at, at + struct.unpack_from(">H", request, at + 2)[0]
    size = struct.unpack_from(">H", request, at + 2)[0]
    short = bytearray(request[:at] + request[at + size:])
    short[before] = request[at]
    short[24:28] = struct.pack(">I", len(short))
    write("illegal-v2", [readdressed(frames("v2_ok")[0], bytes(short))] * 3,
          [{"version": 2, "findings_include": [{"id": "illegal-message", "severity": "error", "frames": [1], "source": "RFC 7296 1.2"}]}], ["v2_ok"])


if __name__ == "__main__":
    main()
