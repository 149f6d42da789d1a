#!/usr/bin/env python3
"""Writes the hand-made captures of this folder from ../seed-s1/seed-s1.pcap.

  crafted/make.py        always writes the same bytes for the same seed-s1

The IKE in them is the real exchange of seed-s1; what is around it is made here.
PROVENANCE.md says what each file must show.  Standard library only.
SPDX-License-Identifier: Apache-2.0
"""
import gzip
import ipaddress
import json
import shutil
import struct
from pathlib import Path

here = Path(__file__).resolve().parent
seed = here.parent / "seed-s1"

ETHERNET, NULL, RAW, SLL, SLL2 = 1, 0, 101, 113, 276
MESSAGES = "MM1 MM2 MM3 MM4 MM5 MM6 QM1 QM2 QM3".split()
R1, R2 = "192.168.0.1", "192.168.0.2"


def read(path):
    data, offset, packets = path.read_bytes(), 24, []
    assert data[:4] == b"\xd4\xc3\xb2\xa1", "a little-endian microsecond pcap"
    while offset < len(data):
        s, us, n, _ = struct.unpack_from("<4I", data, offset)
        packets.append((s * 10**9 + us * 1000, data[offset + 16:offset + 16 + n]))
        offset += 16 + n
    return packets


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip4(src, dst, protocol, payload, ident=0, flags_offset=0, ttl=64):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), ident, flags_offset, ttl, protocol, 0,
                       ipaddress.IPv4Address(src).packed, ipaddress.IPv4Address(dst).packed)
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def udp(src, dst, sport, dport, payload):
    s, d = ipaddress.ip_address(src).packed, ipaddress.ip_address(dst).packed
    head = struct.pack(">HHHH", sport, dport, 8 + len(payload), 0)
    pseudo = s + d + (struct.pack(">BBH", 0, 17, 8 + len(payload)) if len(s) == 4 else struct.pack(">II", 8 + len(payload), 17))
    return head[:6] + struct.pack(">H", checksum(pseudo + head + payload) or 0xFFFF) + payload


def pcap(name, link, packets, order="<", magic=0xA1B2C3D4, snap=262144):
    unit = 1 if magic == 0xA1B23C4D else 1000
    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link)
    for t, data in packets:
        cut = data[:snap]
        out += struct.pack(order + "4I", t // 10**9, t % 10**9 // unit, len(cut), len(data)) + cut
    (here / name).write_bytes(out)
    return out


# --- pcapng -----------------------------------------------------------------
def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def block(kind, body, *options):
    if options:
        body += b"".join(options) + option(0, b"")
    return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))


def pcapng(name, packets):
    """interface 0: Ethernet, microseconds by default; 1: raw IP, nanoseconds. R2's packets come in on 1."""
    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1),
                option(1, b"seed-s1 seen on two interfaces"), option(4, b"crafted/make.py"))
    out += block(1, struct.pack("<HHI", ETHERNET, 0, 262144), option(2, b"eth0"), option(3, b"Ethernet, microseconds"))
    out += block(1, struct.pack("<HHI", RAW, 0, 262144), option(2, b"tun0"), option(9, b"\x09"))
    records = b""
    for address, host in ((R1, b"R1.lab.example\0"), (R2, b"R2.lab.example\0")):
        value = ipaddress.IPv4Address(address).packed + host
        records += struct.pack("<HH", 1, len(value)) + value + b"\0" * (-len(value) % 4)
    out += block(4, records + struct.pack("<HH", 0, 0))
    out += block(0x80001234, b"a block of local use, to be skipped.")
    for i, (t, data) in enumerate(packets):
        raw = ipaddress.IPv4Address(data[26:30]) == ipaddress.IPv4Address(R2)
        data, t = (data[14:], t) if raw else (data, t // 1000)
        body = struct.pack("<5I", int(raw), t >> 32, t & 0xFFFFFFFF, len(data), len(data)) + data + b"\0" * (-len(data) % 4)
        comment = [option(1, f"this is {MESSAGES[i]}".encode())] if i in (0, 4) else []
        out += block(6, body, *comment)
    out += block(5, struct.pack("<III", 0, 0, 0), option(4, struct.pack("<Q", 5)))
    (here / name).write_bytes(out)


def zstd_stored(data):
    """A valid zstd frame: one segment, one raw block, no checksum"""
    assert 256 <= len(data) < 65536 + 256
    return struct.pack("<IBH", 0xFD2FB528, 0x60, len(data) - 256) + struct.pack("<I", len(data) << 3 | 1)[:3] + data


# --- what is expected -------------------------------------------------------
def expect(name, frames=None, first=R1, second=R2, packets=None, port=500, **more):
    """The whole of S1, or what is left of it"""
    frames = frames or list(range(1, 10))
    sa = {"version": 1, "initiator": {"address": first, "port": port}, "responder": {"address": second, "port": port},
          "mode": "main", "stage": "QM_COMPLETE", "first_frame": frames[0], "last_frame": frames[-1],
          "authentication": {"initiator": "verified", "responder": "verified"},
          "messages": [{"frame": f, "label": m, "from": "responder" if m in ("MM2", "MM4", "MM6", "QM2") else "initiator",
                        "retransmission_of": None} for f, m in zip(frames, MESSAGES)],
          "no_errors": True, "findings_exclude": ["malformed", "wrong-psk", "no-response", "retransmission"]}
    sa.update(more)
    doc = {"format": "ikescope/1", "files": [{"packets": packets or len(frames)}], "sas": [sa]}
    stem = name.split(".")[0]
    text = json.dumps(doc, indent=1)
    (here / f"{stem}.expect.json").write_text(text + "\n")
    shutil.copyfile(seed / "seed-s1.keys", here / f"{stem}.keys")


def main():
    packets = read(seed / "seed-s1.pcap")
    assert len(packets) == 9
    for r in ("R1.cfg", "R2.cfg"):
        shutil.copyfile(seed / r, here / r)
    mac = [(t, d[:12]) for t, d in packets]
    ip = [(t, d[14:]) for t, d in packets]

    def framed(name, link, wrap, **kw):
        pcap(name, link, [(t, wrap(d)) for t, d in packets], **kw)
        expect(name)

    # the same bytes in other containers
    framed("nano-be.pcap", ETHERNET, lambda d: d, order=">", magic=0xA1B23C4D)
    plain = (seed / "seed-s1.pcap").read_bytes()
    with open(here / "gzip.pcap.gz", "wb") as f, gzip.GzipFile("", "wb", 9, f, mtime=0) as g:
        g.write(plain)
    (here / "zstd-stored.pcap.zst").write_bytes(zstd_stored(plain))
    for name in ("gzip.pcap.gz", "zstd-stored.pcap.zst"):
        expect(name)
    if (here / "zstd-level19.pcap.zst").exists():   # made by the zstd program, kept as it is
        expect("zstd-level19.pcap.zst")
    pcapng("two-links.pcapng", packets)
    expect("two-links.pcapng")

    # the same datagrams on other links
    to_r1 = lambda d: d[14 + 12:14 + 16] == ipaddress.IPv4Address(R2).packed
    framed("sll.pcap", SLL, lambda d: struct.pack(">HHH6sHH", 0 if to_r1(d) else 4, 1, 6, d[6:12], 0, 0x0800) + d[14:])
    framed("sll2.pcap", SLL2, lambda d: struct.pack(">HHIHBB6sH", 0x0800, 0, 2, 1, 0 if to_r1(d) else 4, 6, d[6:12], 0) + d[14:])
    framed("null.pcap", NULL, lambda d: struct.pack("<I", 2) + d[14:])
    framed("null-be.pcap", NULL, lambda d: struct.pack(">I", 2) + d[14:], order=">")
    framed("raw.pcap", RAW, lambda d: d[14:])
    framed("vlan.pcap", ETHERNET, lambda d: d[:12] + struct.pack(">HH", 0x8100, 0x6064) + d[12:])
    framed("qinq.pcap", ETHERNET, lambda d: d[:12] + struct.pack(">HHHH", 0x88A8, 200, 0x8100, 100) + d[12:])
    framed("mpls.pcap", ETHERNET, lambda d: d[:12] + struct.pack(">HII", 0x8847, 16001 << 12 | 63, 24 << 12 | 0x100 | 63) + d[14:])
    framed("pppoe.pcap", ETHERNET, lambda d: d[:12] + struct.pack(">HBBHHH", 0x8864, 0x11, 0, 7, len(d) - 14 + 2, 0x0021) + d[14:])
    outer = ("10.255.0.1", "10.255.0.2")
    framed("gre.pcap", ETHERNET, lambda d: d[:14] + ip4(*outer, 47, struct.pack(">HH", 0, 0x0800) + d[14:]))
    framed("gre-key.pcap", ETHERNET, lambda d: d[:14] + ip4(*outer, 47, struct.pack(">HHII", 0x3000, 0x0800, 77, 1) + d[14:]))
    framed("erspan.pcap", ETHERNET,
           lambda d: d[:14] + ip4(*outer, 47, struct.pack(">HHIHHI", 0x1000, 0x88BE, 1, 0x1000 | 100, 0x0005, 3) + d))

    # fragments of MM1
    t0, mm1 = ip[0]
    body = mm1[20:]
    ident = 0x1234

    def fragment(offset, end, data=None):
        data = body[offset:end] if data is None else data
        more = 0x2000 if offset + len(data) < len(body) else 0
        return ip4(R1, R2, 17, data, ident, more | offset // 8)

    def with_fragments(name, fragments, whole, **kw):
        """the fragments 1 us apart, then the rest of S1"""
        new = [(t0 - (len(fragments) - 1 - i) * 1000, mac[0][1] + b"\x08\x00" + f) for i, f in enumerate(fragments)]
        pcap(name, ETHERNET, new + packets[1:])
        if whole:
            n = len(fragments)
            expect(name, [n] + [n + i for i in range(1, 9)], packets=n + 8, first_frame=kw.get("first_frame", n))

    parts = [fragment(0, 64), fragment(64, 128), fragment(128, None)]
    for name, fs in (("frag-inorder.pcap", parts), ("frag-reversed.pcap", parts[::-1])):
        with_fragments(name, fs, True)
        # whether the first fragment or the one that completes MM1 counts as the SA's first frame is left open
        p = here / name.replace(".pcap", ".expect.json")
        doc = json.loads(p.read_text())
        del doc["sas"][0]["first_frame"]
        p.write_text(json.dumps(doc, indent=1) + "\n")
    evil = fragment(48, None, bytes(b ^ 0xFF for b in body[48:64]) + body[64:128])
    with_fragments("frag-overlap.pcap", [parts[0], evil, parts[2]], False)
    # the first fragment never came
    with_fragments("frag-lost.pcap", parts[1:], False)

    # cut captures
    pcap("snap96.pcap", ETHERNET, packets, snap=96)
    whole = pcap("truncated.pcap", ETHERNET, packets)
    at = 24 + sum(16 + len(d) for _, d in packets[:5]) + 16 + 40
    (here / "truncated.pcap").write_bytes(whole[:at])
    expect("truncated.pcap", frames=[1, 2, 3, 4, 5], packets=5, stage="MM5",
           authentication={"initiator": "verified", "responder": "unknown"})
    p = here / "truncated.expect.json"
    doc = json.loads(p.read_text())
    for key in ("no_errors", "findings_exclude"):   # the end is missing, what follows from that is left open
        del doc["sas"][0][key]
    p.write_text(json.dumps(doc, indent=1) + "\n")

    # other ways to carry it
    v6 = {R1: "2001:db8::1", R2: "2001:db8::2"}

    def ip6(d):
        src, dst = (v6[str(ipaddress.IPv4Address(d[o:o + 4]))] for o in (26, 30))
        datagram = udp(src, dst, 500, 500, d[42:])
        hop = struct.pack(">BBBB4x", 60, 0, 1, 4)               # hop-by-hop: PadN
        dest = struct.pack(">BBBB4xBB6x", 44, 1, 1, 4, 1, 6)    # destination options, 16 octets
        frag = struct.pack(">BBHI", 17, 0, 0, 0xCAFE)           # a fragment that is the whole
        chain = hop + dest + frag + datagram
        return d[:12] + b"\x86\xdd" + struct.pack(">IHBB", 6 << 28, len(chain), 0, 64) + ipaddress.IPv6Address(src).packed + \
            ipaddress.IPv6Address(dst).packed + chain

    pcap("ipv6-ext.pcap", ETHERNET, [(t, ip6(d)) for t, d in packets])
    expect("ipv6-ext.pcap", first=v6[R1], second=v6[R2])

    def port501(d):
        src, dst = (str(ipaddress.IPv4Address(d[o:o + 4])) for o in (26, 30))
        return d[:14] + ip4(src, dst, 17, udp(src, dst, 501, 501, d[42:]))

    pcap("port501.pcap", ETHERNET, [(t, port501(d)) for t, d in packets])
    expect("port501.pcap", port=501)


if __name__ == "__main__":
    main()
