#!/usr/bin/env python3
"""Writes the captures of this folder: real IKE of ../lab put into TCP.

  tcp/make.py        always writes the same bytes for the same sources

PROVENANCE.md says what each file must show.  Standard library only.
SPDX-License-Identifier: Apache-2.0
"""
import importlib.util
import ipaddress
import json
import shutil
import struct
from pathlib import Path

here = Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("crafted", here.parent / "crafted" / "make.py")
crafted = importlib.util.module_from_spec(spec)
spec.loader.exec_module(crafted)
crafted.here = here

FIN, SYN, PSH, ACK = 1, 2, 8, 16
A, B = "10.98.0.1", "10.98.0.2"
lab = here.parent / "lab" / "ikev2-psk-esp"


def payloads(path):
    """(source, UDP payload) of every frame, without the non-ESP marker, and whether it is IKE"""
    for _, data in crafted.read(path):
        source, body = str(ipaddress.IPv4Address(data[26:30])), data[42:]
        ports = struct.unpack(">HH", data[34:38])
        if 4500 in ports:
            yield source, body[4:] if body[:4] == bytes(4) else body, body[:4] == bytes(4)
        else:
            yield source, body, True


class Connection:
    """Segments between two ends, with right numbers and checksums; a hole is what send() makes and nobody adds."""

    def __init__(self, ends, ports, start=1_700_000_000 * 10**9):
        self.ends, self.ports, self.time, self.packets = ends, ports, start, []
        self.next = {ends[0]: 1000, ends[1]: 0xFFFFFF00}    # the second wraps around

    def add(self, source, flags, data=b"", seq=None):
        self.time += 1_000_000
        i = self.ends.index(source)
        other = self.ends[1 - i]
        seq = self.next[source] if seq is None else seq
        ack = self.next[other] if flags & ACK else 0
        head = struct.pack(">HHIIBBHHH", self.ports[i], self.ports[1 - i], seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, flags, 65535, 0, 0)
        s, d = (ipaddress.ip_address(a).packed for a in (source, other))
        length = len(head) + len(data)
        pseudo = s + d + (struct.pack(">BBH", 0, 6, length) if len(s) == 4 else struct.pack(">II", length, 6))
        segment = head[:16] + struct.pack(">H", crafted.checksum(pseudo + head + data)) + head[18:] + data
        mac = bytes([2, 0, 0, 0, 0, 2 - i, 2, 0, 0, 0, 0, 1 + i])
        if len(s) == 4:
            frame = mac + b"\x08\x00" + crafted.ip4(source, other, 6, segment, ident=len(self.packets))
        else:
            frame = mac + b"\x86\xdd" + struct.pack(">IHBB", 6 << 28, length, 6, 64) + s + d + segment
        self.packets.append((self.time, frame))
        return len(self.packets)

    def handshake(self):
        first, second = self.ends
        self.add(first, SYN)
        self.next[first] += 1
        self.add(second, SYN | ACK)
        self.next[second] += 1
        self.add(first, ACK)

    def send(self, source, data, cuts=(), order=None, skip=()):
        """Data in segments that end at the cuts, sent in an order; the frame of each, by its place in the data."""
        edges = [0, *cuts, len(data)]
        pieces = list(zip(edges, edges[1:]))
        begin, frames = self.next[source], {}
        self.next[source] += len(data)
        for i in order or range(len(pieces)):
            if i not in skip:
                frames[i] = self.add(source, PSH | ACK, data[pieces[i][0]:pieces[i][1]], begin + pieces[i][0])
        return frames

    def again(self, source, data, back):
        """Sends bytes once more that began so far before the present end"""
        return self.add(source, PSH | ACK, data, self.next[source] - back)

    def close(self):
        for source in self.ends:
            self.add(source, FIN | ACK)


def unit(body, ike):
    """RFC 9329 3"""
    body = (bytes(4) if ike else b"") + body
    return struct.pack(">H", 2 + len(body)) + body


def write(name, connection):
    crafted.pcap(name + ".pcap", crafted.ETHERNET, connection.packets)


def expect(name, keys, doc):
    (here / f"{name}.expect.json").write_text(json.dumps(doc, indent=1) + "\n")
    shutil.copyfile(keys, here / f"{name}.keys")


def life(connection, messages, a, b):
    """The whole life of ../lab/ikev2-psk-esp in units; the frames in which its ten IKE messages are complete"""
    ike = [unit(body, True) for _, body, is_ike in messages if is_ike]
    esp = {a: [], b: []}
    for source, body, is_ike in messages:
        if not is_ike:
            esp[a if source == A else b].append(unit(body, False))
    at = [connection.send(a, b"IKETCP" + ike[0])[0]]
    at.append(connection.send(b, ike[1], cuts=(1, 200))[2])                 # the first cut is inside the length
    at.append(connection.send(a, ike[2], cuts=(90, 180), order=(0, 2, 1))[1])
    connection.again(a, ike[2][90:180], len(ike[2]) - 90)                   # a retransmission
    at.append(connection.send(b, ike[3] + esp[b][0])[0])                    # a message and ESP in one segment
    connection.send(a, esp[a][0] + esp[a][1])
    connection.send(b, esp[b][1])
    at.append(connection.send(a, ike[4])[0])
    at.append(connection.send(b, ike[5])[0])
    at += [connection.send(a, ike[6] + ike[8])[0]] * 2                      # two requests in one segment
    at += [connection.send(b, ike[7] + ike[9])[0]] * 2
    return at


def sa_of(a, b, ports, frames, **more):
    labels = ["IKE_SA_INIT", "IKE_SA_INIT", "IKE_AUTH", "IKE_AUTH", "CREATE_CHILD_SA", "CREATE_CHILD_SA"] + ["INFORMATIONAL"] * 4
    messages = [{"frame": f, "label": f"{labels[i]} {'re' + ('quest' if i % 2 == 0 else 'sponse')}",
                 "from": "initiator" if i % 2 == 0 else "responder", "retransmission_of": None}
                for i, f in zip((0, 1, 2, 3, 4, 5, 6, 8, 7, 9), frames)]
    messages.sort(key=lambda message: message["frame"])
    return {"version": 2, "initiator": {"address": a, "port": ports[0]}, "responder": {"address": b, "port": ports[1]},
            "mode": "ikev2", "authentication": {"initiator": "verified", "responder": "verified"}, "messages": messages,
            "no_errors": True, "findings_exclude": ["malformed", "wrong-psk", "no-response", "retransmission", "fragment-loss"], **more}


def main():
    messages = list(payloads(lab / "ikev2-psk-esp.pcap"))
    keys = lab / "ikev2-psk-esp.keys"

    for name, ends, ports in (("iketcp", (A, B), (40001, 4500)), ("iketcp-ipv6", ("2001:db8::1", "2001:db8::2"), (40001, 4500)),
                              ("iketcp-port443", (A, B), (40001, 443))):
        c = Connection(ends, ports)
        c.handshake()
        frames = life(c, messages, *ends)
        c.close()
        write(name, c)
        expect(name, keys, {"format": "ikescope/1", "files": [{"packets": len(c.packets), "ike": 10, "esp": 4}],
                            "sas": [sa_of(*ends, ports, frames, stage="DELETED")]})

    # the middle segment of the IKE_AUTH request is not in the capture; what follows is found again
    ike = [unit(body, True) for _, body, is_ike in messages if is_ike]
    c = Connection((A, B), (40001, 4500))
    c.handshake()
    c.send(A, b"IKETCP" + ike[0])
    c.send(B, ike[1])
    c.send(A, ike[2], cuts=(90, 180), skip=(1,))
    c.send(B, ike[3])
    frame = c.send(A, ike[4])[0]
    c.send(B, ike[5])
    write("iketcp-lost", c)
    expect("iketcp-lost", keys, {"format": "ikescope/1", "sas": [{"version": 2, "stage": "ESTABLISHED", "messages": [
        {"frame": 4, "label": "IKE_SA_INIT request"}, {"frame": 5, "label": "IKE_SA_INIT response"}, {"frame": 8, "label": "IKE_AUTH response"},
        {"frame": frame, "label": "CREATE_CHILD_SA request"}, {"frame": frame + 1, "label": "CREATE_CHILD_SA response"}]}],
        "findings_include": [{"id": "fragment-loss", "severity": "warning", "frames": [frame]}]})

    # a repetition that brings other bytes: the first ones count, the second are told
    c = Connection((A, B), (40001, 4500))
    c.handshake()
    c.send(A, b"IKETCP" + ike[0], cuts=(300,), skip=(1,))
    whole = b"IKETCP" + ike[0]
    evil = bytes(x ^ 0xFF for x in whole[200:300]) + whole[300:]
    frame = c.again(A, evil, len(whole) - 200)
    c.send(B, ike[1])
    c.send(A, ike[2])
    c.send(B, ike[3])
    write("iketcp-overlap", c)
    expect("iketcp-overlap", keys, {"format": "ikescope/1", "sas": [{"version": 2, "stage": "ESTABLISHED",
        "authentication": {"initiator": "verified", "responder": "verified"}}],
        "findings_include": [{"id": "fragment-loss", "severity": "warning", "frames": [frame]}]})

    # the capture begins in the middle: no SYN, no prefix, half a message first
    c = Connection((A, B), (40001, 4500))
    c.send(A, ike[0][100:])
    c.send(B, ike[1], cuts=(200,))
    c.send(A, ike[2], cuts=(90,))
    c.send(B, ike[3])
    write("iketcp-middle", c)
    expect("iketcp-middle", keys, {"format": "ikescope/1", "files": [{"packets": 6, "ike": 3}], "sas": [{"version": 2, "messages": [
        {"frame": 3, "label": "IKE_SA_INIT response"}, {"frame": 5, "label": "IKE_AUTH request"}, {"frame": 6, "label": "IKE_AUTH response"}]}]})

    # Cisco's way, and ISAKMP without framing, around ../lab/v1mm_ok
    main_mode = here.parent / "lab" / "v1mm_ok"
    s1 = [(source, body) for source, body, is_ike in payloads(main_mode / "v1mm_ok.pcap") if is_ike]
    ends = ("10.77.0.1", "10.77.0.2")
    for name, ports in (("tcpencap", (40002, 10000)), ("tcpencap-port8443", (40002, 8443)), ("isakmp-tcp500", (40003, 500))):
        c = Connection(ends, ports)
        c.handshake()
        frames = []
        for count, (source, body) in enumerate(s1):
            data = body
            if name != "isakmp-tcp500":
                direction = 0x4000 if source == ends[0] else 0
                trailer = struct.pack(">IHH", 0, count, direction) + bytes.fromhex("f03eb9e5f7") + b"\x11" + bytes.fromhex("9a2f")
                data = crafted.udp(*(ends if source == ends[0] else ends[::-1]), 500, 500, body) + trailer
            cuts = (100,) if name == "isakmp-tcp500" and count == 2 else ()
            sent = c.send(source, data, cuts=cuts)
            frames.append(sent[len(cuts)])
        if name == "tcpencap":
            esp = struct.pack(">II", 0x11223344, 1) + bytes(range(64))
            c.send(ends[0], esp + struct.pack(">IHH", 0, 9, 0) + bytes.fromhex("f03eb9e5f7") + b"\x32" + bytes.fromhex("9a2f"))
        write(name, c)
        expect(name, main_mode / "v1mm_ok.keys", {"format": "ikescope/1", "files": [{"packets": len(c.packets), "ike": len(s1), "esp": int(name == "tcpencap")}], "sas": [
            {"version": 1, "mode": "main", "stage": "QM_COMPLETE", "initiator": {"address": ends[0], "port": ports[0]},
             "authentication": {"initiator": "verified", "responder": "verified"}, "no_errors": True,
             "messages": [{"frame": f, "label": m} for f, m in zip(frames, crafted.MESSAGES)]}]})


if __name__ == "__main__":
    main()
