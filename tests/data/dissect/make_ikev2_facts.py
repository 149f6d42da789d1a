#!/usr/bin/env python3
"""Writes what tshark says about IKEv2 messages, for tests/dissect/ikev2_facts_test.cpp.

    make_ikev2_facts.py        (needs tshark 4.0; run in this folder)

ikev2_payloads.txt   one line per sample: name, payload type, body in hexadecimal; built here from the RFCs' pictures
ikev2_plain.txt      chains of the lab's captures decrypted by tshark with the keys that charon logged
ikev2_tshark.tsv     source, frame, field, offset, length, value: every field of tshark in those and in the lab's clear messages
"""
import pathlib, re, struct, subprocess, sys, tempfile
import xml.etree.ElementTree as ET

HERE = pathlib.Path(__file__).parent
LAB = HERE.parents[2] / "pcaps" / "lab"
sys.path.insert(0, str(LAB))
import charonlog
h = bytes.fromhex
ip4 = lambda t: bytes(map(int, t.split(".")))
def ip6(last): return h("20010db8000000000000000000000000")[:15] + bytes([last])
def attr(kind, value): return struct.pack(">HH", kind, len(value)) + value
def tv(kind, value): return struct.pack(">HH", 0x8000 | kind, value)
def transform(kind, number, attrs=b"", last=False):
    return struct.pack(">BBHBBH", 0 if last else 3, 0, 8 + len(attrs), kind, 0, number) + attrs
def proposal(number, protocol, spi, transforms, last=True):
    body = b"".join(transforms)
    return struct.pack(">BBHBBBB", 0 if last else 2, 0, 8 + len(spi) + len(body), number, protocol, len(spi), len(transforms)) + spi + body
def ts(kind, protocol, low, high, start, end): return struct.pack(">BBHHH", kind, protocol, 8 + len(start + end), low, high) + start + end
def notify(kind, data=b"", protocol=0, spi=b""): return struct.pack(">BBH", protocol, len(spi), kind) + spi + data
def eap(code, number, kind=None, data=b""):
    inner = (bytes([kind]) if kind is not None else b"") + data
    return struct.pack(">BBH", code, number, 4 + len(inner)) + inner
def aka(kind, value): return bytes([kind, (2 + len(value)) // 4]) + value
def policy(protocol, spi, inner): return struct.pack(">BBH", protocol, len(spi), 4 + len(spi) + len(inner)) + spi + inner

PEER, NT, HASH = bytes(range(16)), bytes(range(24)), bytes(range(20))
SAMPLES = [
    ("sa-ike", 33, proposal(1, 1, b"", [transform(1, 12, tv(14, 256)), transform(2, 5), transform(3, 12), transform(4, 19, last=True)], False)
                 + proposal(2, 1, b"", [transform(1, 20, tv(14, 128)), transform(2, 6), transform(4, 31), transform(6, 36), transform(7, 0), transform(12, 37, last=True)])),
    ("sa-esp", 33, proposal(1, 3, h("c0ffee01"), [transform(1, 28), transform(5, 1), transform(5, 0, last=True)])),
    ("sa-rekey", 33, proposal(1, 1, h("0102030405060708"), [transform(1, 3), transform(2, 2), transform(3, 2), transform(4, 2, last=True)])),
    ("sa-unknown", 33, proposal(1, 9, b"", [transform(77, 5, attr(99, b"abcd")), transform(13, 3), transform(14, 2, attr(18, h("300506032b6570")), last=True)])),
    ("ke", 34, struct.pack(">HH", 31, 0) + bytes(32)),
    ("idi-ipv4", 35, b"\x01\0\0\0" + ip4("192.0.2.1")), ("idr-fqdn", 36, b"\x02\0\0\0gw.example"),
    ("idi-rfc822", 35, b"\x03\0\0\0user@example"), ("idr-ipv6", 36, b"\x05\0\0\0" + ip6(1)),
    ("idi-keyid", 35, b"\x0b\0\0\0group1"), ("idi-keyid-binary", 35, b"\x0b\0\0\0\x01\xff"), ("idi-null", 35, b"\x0d\0\0\0"),
    ("idi-dn", 35, b"\x09\0\0\0" + h("300d310b3009060355040313026777")), ("idi-dergn", 35, b"\x0a\0\0\0\x82\x02gw"),
    ("cert-x509", 37, b"\x04" + h("3003020101")), ("cert-url", 37, b"\x0c" + HASH + b"http://ca/x"),
    ("certreq", 38, b"\x04" + HASH + HASH[::-1]), ("certreq-other", 38, b"\x07abc"),
    ("auth-psk", 39, b"\x02\0\0\0" + bytes(32)), ("auth-ecdsa", 39, b"\x0e\0\0\0\x0c" + h("300a06082a8648ce3d040302") + bytes(64)),
    ("auth-null", 39, b"\x0d\0\0\0" + bytes(20)), ("nonce", 40, bytes(range(32))),
    ("n-cookie", 41, notify(16390, bytes(range(20)))), ("n-rekey", 41, notify(16393, protocol=3, spi=h("c0ffee01"))),
    ("n-invalid-ke", 41, notify(17, h("0013"))), ("n-critical", 41, notify(1, b"\x60")), ("n-message-id", 41, notify(9, h("00000007"))),
    ("n-ip4", 41, notify(16397, ip4("198.51.100.7"))), ("n-ip6", 41, notify(16398, ip6(7))),
    ("n-redirect-4", 41, notify(16407, b"\x01\x04" + ip4("203.0.113.5") + bytes(16))), ("n-redirect-6", 41, notify(16407, b"\x02\x10" + ip6(9))),
    ("n-redirect-fqdn", 41, notify(16407, b"\x03\x0agw.example")), ("n-redirected-from", 41, notify(16408, b"\x01\x04" + ip4("203.0.113.6"))),
    ("n-nat-source", 41, notify(16388, HASH)), ("n-hashes", 41, notify(16431, h("00010002000300040005"))),
    ("n-ipcomp", 41, notify(16387, h("123402"))), ("n-lifetime", 41, notify(16403, h("00000e10"))),
    ("n-ticket-lt", 41, notify(16409, h("00000e10") + b"ticket")), ("n-ticket", 41, notify(16413, b"ticket")),
    ("n-qcd", 41, notify(16419, bytes(range(32)))), ("n-sync", 41, notify(16422, h("0a0b0c0d0000000500000006"))), ("n-replay", 41, notify(16423, h("00010000"))),
    ("n-rohc", 41, notify(16416, tv(1, 15) + tv(2, 1) + tv(3, 2) + tv(4, 12) + attr(5, h("0000")))), ("n-password", 41, notify(16424, h("00010003"))),
    ("n-window", 41, notify(16385, h("00000004"))), ("n-puzzle", 41, notify(16434, h("000510"))),
    ("n-ppk", 41, notify(16436, b"\x02ppk-7")), ("n-ppk-key", 41, notify(16446, b"\x02ppk-7" + bytes(8))), ("n-no-ppk", 41, notify(16437, bytes(32))),
    ("n-intermediate", 41, notify(16438)), ("n-additional-ke", 41, notify(16441, b"blob")),
    ("n-auth-methods", 41, notify(16443, h("0202") + h("030900") + bytes([15, 14, 1]) + h("300a06082a8648ce3d040302"))),
    ("n-backoff", 41, notify(41041, h("0185"))), ("n-device", 41, notify(41101, h("000901") + h("2143658709214365"))),
    ("n-emergency", 41, notify(41134, h("040301") + h("11f2"))), ("n-nas-ip4", 41, notify(55502, ip4("198.51.100.8"))), ("n-tcp-port", 41, notify(55506, h("1194"))),
    ("n-selectors", 41, notify(39, h("45000028"), 3, h("c0ffee01"))), ("n-unknown", 41, notify(40960, b"xyz")),
    ("d-ike", 42, h("01000000")), ("d-esp", 42, h("03040002") + h("c0ffee01c0ffee02")),
    ("v-dpd", 43, h("afcad71368a1f1c96b8696fc77570100")), ("v-text", 43, b"strange vendor"),
    ("tsi", 44, b"\x02\0\0\0" + ts(7, 0, 0, 65535, ip4("10.1.0.0"), ip4("10.1.0.255")) + ts(8, 6, 80, 443, ip6(0), ip6(9))),
    ("tsr", 45, b"\x01\0\0\0" + ts(7, 17, 500, 500, ip4("10.0.0.1"), ip4("10.0.0.9"))),
    ("ts-fc", 44, b"\x01\0\0\0" + h("0900001000000001000000ff01020304")[:16]), ("ts-label", 44, b"\x01\0\0\0" + b"\x0a\0\0\x0fsystem_u:ob"),
    ("sk", 46, bytes(48)), ("skf", 53, h("00010003") + bytes(48)),
    ("cp-request", 47, b"\x01\0\0\0" + attr(1, b"") + attr(3, b"") + attr(8, b"")),
    ("cp-reply", 47, b"\x02\0\0\0" + attr(1, ip4("10.9.0.5")) + attr(2, ip4("255.255.255.0")) + attr(3, ip4("10.9.0.1")) + attr(4, ip4("10.9.0.2"))
                   + attr(6, ip4("10.9.0.3")) + attr(7, b"ikescope") + attr(8, ip6(5) + b"\x40") + attr(10, ip6(1)) + attr(12, ip6(2))
                   + attr(13, ip4("10.0.0.0") + ip4("255.0.0.0")) + attr(14, h("000100030008")) + attr(15, ip6(0) + b"\x20")
                   + attr(17, bytes(8) + b"link") + attr(18, ip6(0) + b"\x40") + attr(20, ip4("10.9.0.4")) + attr(21, ip6(4)) + attr(25, b"example.com") + attr(16500, b"??")),
    ("eap-identity-request", 48, eap(1, 7, 1)), ("eap-identity", 48, eap(2, 7, 1, b"user@example")), ("eap-nak", 48, eap(2, 8, 3, b"\x15\x1a")),
    ("eap-md5", 48, eap(1, 8, 4, b"\x10" + PEER + b"gw")), ("eap-success", 48, eap(3, 9)), ("eap-failure", 48, eap(4, 9)),
    ("eap-mschapv2-challenge", 48, eap(1, 9, 26, struct.pack(">BBHB", 1, 9, 5 + 16 + 2, 16) + PEER + b"gw")),
    ("eap-mschapv2-response", 48, eap(2, 9, 26, struct.pack(">BBHB", 2, 9, 5 + 49 + 4, 49) + PEER + bytes(8) + NT + b"\0user")),
    ("eap-mschapv2-success", 48, eap(1, 10, 26, struct.pack(">BBH", 3, 10, 4 + 9) + b"S=0123456")),
    ("eap-mschapv2-ack", 48, eap(2, 10, 26, b"\x03")),
    ("eap-mschapv2-failure", 48, eap(1, 10, 26, struct.pack(">BBH", 4, 10, 4 + 9) + b"E=691 R=0")),
    ("eap-aka", 48, eap(1, 3, 23, h("010000") + aka(1, bytes(2) + PEER) + aka(2, bytes(2) + PEER) + aka(11, bytes(2) + PEER))),
    ("eap-aka-prime", 48, eap(1, 3, 50, h("010000") + aka(23, h("0003") + b"WLAN") + aka(24, h("0001")))),
    ("eap-aka-error", 48, eap(2, 3, 23, h("0e0000") + aka(22, h("0000")))), ("eap-sim", 48, eap(1, 2, 18, h("0a0000") + aka(15, h("00020001") + h("0000")) + aka(12, h("8000")))),
    ("eap-tls-start", 48, eap(1, 4, 13, b"\x20")), ("eap-ttls", 48, eap(2, 4, 21, b"\x81" + h("00000005") + h("1603010000"))),
    ("eap-gtc", 48, eap(2, 5, 6, b"secret")), ("eap-expanded", 48, eap(1, 5, 254, h("00372a00000001") + b"wps")),
    ("gspm", 49, bytes(range(40))), ("idg", 50, b"\x0b\0\0\0group"), ("puzzle", 54, bytes(range(24))),
    ("gsa", 51, policy(3, h("c0ffee01"), ts(7, 0, 0, 65535, ip4("0.0.0.0"), ip4("255.255.255.255")) + ts(7, 0, 0, 65535, ip4("233.252.0.1"), ip4("233.252.0.1"))
                       + transform(1, 20, tv(14, 256)) + transform(5, 0, last=True) + attr(1, h("00000e10")))
              + policy(0, b"", tv(1, 10) + tv(2, 20))),
    ("kd", 52, policy(3, h("c0ffee01"), attr(1, bytes(36))) + policy(0, b"", attr(1, bytes(20)) + tv(3, 7))),
    ("unknown-payload", 96, b"whatever"),
]

def message(kind, body):
    payload = struct.pack(">BBH", 0, 0, 4 + len(body)) + body
    return h("1111111111111111") + h("2222222222222222") + struct.pack(">BBBBII", kind, 0x20, 35, 8, 1, 28 + len(payload)) + payload

def pcap(messages):
    out = struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
    for m in messages:
        udp = struct.pack(">HHHH", 500, 500, 8 + len(m), 0) + m
        frame = h("020000000001020000000002") + h("0800") + struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0) + ip4("192.0.2.1") + ip4("192.0.2.2") + udp
        out += struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame
    return out

def dissected(path, options=()):
    xml = subprocess.run(["tshark", "-r", str(path), "-T", "pdml", "-Y", "isakmp.version == 0x20", *options], capture_output=True).stdout
    return ET.fromstring(xml).iter("packet")

def number(packet): return int(next(e for e in packet.iter("field") if e.get("name") == "num").get("show"))

def rows(packet, inside):
    """Fields of the clear part (offsets from the message's begin), or those inside `isakmp.enc.decrypted`."""
    start = int(next(p for p in packet.iter("proto") if p.get("name") == "isakmp").get("pos"))
    seen = set()
    def visit(element, decrypted):
        name, size = element.get("name") or "", int(element.get("size") or 0)
        if name == "isakmp.enc.decrypted": decrypted = True
        if decrypted == inside and size > 0 and element.tag == "field" and re.match(r"isakmp\.|eap\.", name) and not name.startswith("isakmp.enc."):
            value = element.get("value") or ""
            show = element.get("show") or ""
            if name == "isakmp.typepayload": value = ""  # its place says it
            if element.get("unmaskedvalue"): value = "=" + str(int(show, 0))
            seen.add((name, int(element.get("pos")) - (0 if inside else start), size, value))
        for child in element: visit(child, decrypted)
    for proto in packet.iter("proto"):
        if proto.get("name") in ("isakmp", "eap"):
            for child in proto: visit(child, inside and proto.get("name") == "eap")
    return sorted(seen, key=lambda r: (r[1], -r[2], r[0]))

SUITES = {"v2_gcm_ok": ("AES-GCM-256 with 16 octet ICV [RFC5282]", "NONE [RFC4306]"), "v2_badts": ("AES-CBC-128 [RFC3602]", "HMAC_SHA1_96 [RFC2404]"),
          "v2_ok": ("AES-CBC-128 [RFC3602]", "HMAC_SHA2_256_128 [RFC4868]"), "v2_invalid_ke": ("AES-CBC-128 [RFC3602]", "HMAC_SHA2_256_128 [RFC4868]")}

def keys_of(capture):
    """Options that let tshark decrypt, with what charon logged."""
    dump = {label: value for _, _, _, label, value in charonlog.dumps(LAB / capture / "a.l4.log.gz") if label.startswith("Sk_")}
    key = lambda name: (lambda v: v if isinstance(v, str) else v.hex())(dump.get(f"Sk_{name} secret", ""))
    pair = next(subprocess.run(["tshark", "-r", str(LAB / capture / f"{capture}.pcap"), "-Y", "isakmp.exchangetype == 35", "-T", "fields", "-e", "isakmp.ispi", "-e", "isakmp.rspi"],
                               capture_output=True, text=True).stdout.splitlines().__iter__()).split()
    encryption, integrity = SUITES[capture]
    return ["-o", f'uat:ikev2_decryption_table:{pair[0]},{pair[1]},{key("ei")},{key("er")},"{encryption}",{key("ai")},{key("ar")},"{integrity}"']

def main():
    with open(HERE / "ikev2_payloads.txt", "w") as f:
        f.write("# name type body; written by make_ikev2_facts.py\n")
        for name, kind, body in SAMPLES: f.write(f"{name} {kind} {body.hex() or '-'}\n")
    table = ["# source frame field offset length value; tshark 4.0, written by make_ikev2_facts.py"]
    with tempfile.NamedTemporaryFile(suffix=".pcap") as f:
        f.write(pcap([message(k, b) for _, k, b in SAMPLES])); f.flush()
        for packet in dissected(f.name):
            name = SAMPLES[number(packet) - 1][0]
            for field, at, size, value in rows(packet, False):
                if at >= 28: table.append("\t".join(("payload:" + name, "0", field, str(at - 32), str(size), value)))
    plain = ["# capture frame exchange first-payload chain; decrypted by tshark, written by make_ikev2_facts.py"]
    for capture in SUITES:
        for packet in dissected(LAB / capture / f"{capture}.pcap", keys_of(capture)):
            frame = str(number(packet))
            for field, at, size, value in rows(packet, False): table.append("\t".join((capture, frame, field, str(at), str(size), value)))
            for chain in (e for e in packet.iter("field") if e.get("name") == "isakmp.enc.contained"):
                sealed = next(e for e in packet.iter("field") if e.get("name") == "isakmp.typepayload" and e.get("show") == "46")
                plain.append(" ".join((capture, frame, next(e.get("show") for e in packet.iter("field") if e.get("name") == "isakmp.exchangetype"), str(int(sealed.get("value")[:2], 16)), "".join(c.get("value") for c in chain if c.get("name") == "isakmp.typepayload"))))
                for field, at, size, value in rows(packet, True): table.append("\t".join(("plain:" + capture, frame, field, str(at), str(size), value)))
    (HERE / "ikev2_plain.txt").write_text("\n".join(plain) + "\n")
    (HERE / "ikev2_tshark.tsv").write_text("\n".join(table) + "\n")

main()
