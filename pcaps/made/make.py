#!/usr/bin/env python3
"""Writes the captures of this folder: exchanges that no daemon of the lab speaks, by the formulas of the RFCs.

  made/make.py       always writes the same bytes

An implementation of its own, apart from the analyzer's: RFC 2409 (5.2, 5.3, own groups), RFC 7296, 9242, 9370, 5723, 4303.
Needs python3-cryptography for AES and RSA's numbers. PROVENANCE.md says what each file must show.
SPDX-License-Identifier: Apache-2.0
"""
import hashlib
import hmac
import ipaddress
import json
import random
import struct
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

here = Path(__file__).resolve().parent
A, B = "192.0.2.1", "192.0.2.2"
START = 1_795_600_000
dice = random.Random(2026)


def octets(count):
    return bytes(dice.randrange(1, 256) for _ in range(count))


def n2(value):
    return struct.pack(">H", value)


def n4(value):
    return struct.pack(">I", value)


def big(number, size):
    return number.to_bytes(size, "big")


# --- the outside of packets ---------------------------------------------------------------------------------------------------

def checksum(data):
    total = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip4(source, destination, protocol, payload):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0, ipaddress.IPv4Address(source).packed,
                       ipaddress.IPv4Address(destination).packed)
    return head[:10] + n2(checksum(head)) + head[12:] + payload


class Capture:
    def __init__(self, name):
        self.name, self.frames = name, []

    def raw(self, from_a, protocol, payload):
        source, destination = (A, B) if from_a else (B, A)
        ether = (b"\2\0\0\0\0\2\2\0\0\0\0\1" if from_a else b"\2\0\0\0\0\1\2\0\0\0\0\2") + b"\x08\0"
        self.frames.append(ether + ip4(source, destination, protocol, payload))

    def ike(self, from_a, message):
        self.raw(from_a, 17, struct.pack(">HHHH", 500, 500, 8 + len(message), 0) + message)

    def write(self, keys, expect):
        out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
        for i, frame in enumerate(self.frames):
            out += struct.pack("<IIII", START, 10_000 * i, len(frame), len(frame)) + frame
        (here / f"{self.name}.pcap").write_bytes(out)
        (here / f"{self.name}.keys").write_text('format = "ikescope-secrets/1"\n' + keys)
        (here / f"{self.name}.expect.json").write_text(json.dumps({"format": "ikescope/1", **expect}, indent=1) + "\n")


def payloads(*parts):
    """[(type, body), …] -> first type and the chain; RFC 2408 3.2, RFC 7296 3.2"""
    chain = b""
    for i, (_, body) in enumerate(parts):
        chain += bytes([parts[i + 1][0] if i + 1 < len(parts) else 0, 0]) + n2(4 + len(body)) + body
    return (parts[0][0] if parts else 0), chain


def cbc(key, iv, data, encrypt=True):
    work = Cipher(algorithms.AES(key), modes.CBC(iv))
    work = work.encryptor() if encrypt else work.decryptor()
    return work.update(data) + work.finalize()


# --- IKEv1 --------------------------------------------------------------------------------------------------------------------

def attribute(kind, value):
    return n2(0x8000 | kind) + n2(value) if isinstance(value, int) else n2(kind) + n2(len(value)) + value


def sa1(attributes, protocol=1, spi=b"", transform_id=1):
    transform = bytes([0, 0]) + n2(8 + len(attributes)) + bytes([1, transform_id, 0, 0]) + attributes
    proposal = bytes([0, 0]) + n2(8 + len(spi) + len(transform)) + bytes([1, protocol, len(spi), 1]) + spi + transform
    return n4(1) + n4(1) + proposal


class Phase1:
    """Main Mode between A and B with SHA1 and AES-128; RFC 2409 5"""

    def __init__(self, capture, method, prime, generator, group_attributes):
        self.capture, self.method, self.p, self.size = capture, method, prime, (prime.bit_length() + 7) // 8
        self.cookies = octets(8), octets(8)
        self.private = dice.getrandbits(256), dice.getrandbits(256)
        self.public = [big(pow(generator, x, prime), self.size) for x in self.private]
        self.shared = big(pow(generator, self.private[0] * self.private[1], prime), self.size)
        self.nonces = octets(20), octets(24)
        self.ids = [bytes([1, 17]) + n2(500) + ipaddress.IPv4Address(one).packed for one in (A, B)]
        self.sa = sa1(attribute(1, 7) + attribute(14, 128) + attribute(2, 2) + attribute(3, method) + group_attributes + attribute(11, 1) + attribute(12, 28800))
        self.group_attributes = group_attributes

    def prf(self, key, *parts):
        return hmac.new(key, b"".join(parts), hashlib.sha1).digest()

    def message(self, from_a, exchange, flags, mid, first, body):
        return self.cookies[0] + (self.cookies[1] if self.answered else bytes(8)) + bytes([first, 0x10, exchange, flags]) + n4(mid) + n4(28 + len(body)) + body

    def send(self, from_a, *parts):
        first, chain = payloads(*parts)
        self.capture.ike(from_a, self.message(from_a, 2, 0, 0, first, chain))
        self.answered = True

    def seal(self, from_a, exchange, mid, parts):
        first, chain = payloads(*parts)
        chain += bytes(-len(chain) % 16)
        sealed = cbc(self.ka, self.iv, chain)
        self.iv = sealed[-16:]
        self.capture.ike(from_a, self.message(from_a, exchange, 1, mid, first, sealed))

    def run(self, third, fourth, skeyid):
        """third, fourth: what MM3 and MM4 carry; skeyid as the method wants it"""
        self.answered = False
        self.send(True, (1, self.sa))
        self.send(False, (1, self.sa))
        self.send(True, *third)
        self.send(False, *fourth)
        ci, cr = self.cookies
        self.d = self.prf(skeyid, self.shared, ci, cr, b"\0")
        self.a = self.prf(skeyid, self.d, self.shared, ci, cr, b"\1")
        self.ka = self.prf(skeyid, self.a, self.shared, ci, cr, b"\2")[:16]
        self.iv = hashlib.sha1(self.public[0] + self.public[1]).digest()[:16]
        gi, gr = self.public
        hash_i = self.prf(skeyid, gi, gr, ci, cr, self.sa, self.ids[0])
        hash_r = self.prf(skeyid, gr, gi, cr, ci, self.sa, self.ids[1])
        identities = self.method in (1, 3)  # with public key encryption they went before, encrypted
        self.seal(True, 2, 0, ([(5, self.ids[0])] if identities else []) + [(8, hash_i)])
        self.seal(False, 2, 0, ([(5, self.ids[1])] if identities else []) + [(8, hash_r)])
        self.last = self.iv

    def quick(self, mid=0x11223344):
        """Quick Mode without PFS: ESP AES-128 with SHA1; a ping through each of its SAs"""
        self.iv = hashlib.sha1(self.last + n4(mid)).digest()[:16]
        spis, nonces = (octets(4), octets(4)), (octets(16), octets(16))
        esp = attribute(6, 128) + attribute(5, 2) + attribute(4, 1) + attribute(1, 1) + attribute(2, 3600)
        nets = [bytes([4, 0, 0, 0]) + ipaddress.IPv4Address(net).packed + b"\xff\xff\xff\0" for net in ("10.1.0.0", "10.2.0.0")]

        def hashed(start, *parts):
            chain = payloads(*parts)[1]
            return [(8, self.prf(self.a, n4(mid), start, chain)), *parts]
        self.seal(True, 32, mid, hashed(b"", (1, sa1(esp, 3, spis[0], 12)), (10, nonces[0]), (5, nets[0]), (5, nets[1])))
        self.seal(False, 32, mid, hashed(nonces[0], (1, sa1(esp, 3, spis[1], 12)), (10, nonces[1]), (5, nets[0]), (5, nets[1])))
        self.seal(True, 32, mid, [(8, self.prf(self.a, b"\0", n4(mid), *nonces))])
        for from_a in (True, False):
            spi = spis[1] if from_a else spis[0]  # the receiver's
            keymat, block = b"", b""
            while len(keymat) < 36:
                block = self.prf(self.d, block, b"\3", spi, *nonces)
                keymat += block
            self.capture.raw(from_a, 50, esp_cbc(keymat[:16], keymat[16:36], hashlib.sha1, 12, spi, 1, None, ping(from_a)))
        return spis


# --- ESP ----------------------------------------------------------------------------------------------------------------------

def ping(from_a):
    echo = bytes([8 if from_a else 0, 0, 0, 0, 0, 7, 0, 1]) + b"made for ikescope"
    echo = echo[:2] + n2(checksum(echo)) + echo[4:]
    return ip4("10.1.0.1", "10.2.0.1", 1, echo) if from_a else ip4("10.2.0.1", "10.1.0.1", 1, echo)


def esp_cbc(key, integrity, digest, cut, spi, low, high, packet):
    """RFC 4303: IPv4 in tunnel mode; `high` goes into the ICV behind the packet, but not onto the wire"""
    padding = -(len(packet) + 2) % 16
    plain = packet + bytes(range(1, padding + 1)) + bytes([padding, 4])
    iv = octets(16)
    sent = spi + n4(low) + iv + cbc(key, iv, plain)
    return sent + hmac.new(integrity, sent + (n4(high) if high is not None else b""), digest).digest()[:cut]


# --- RSA ----------------------------------------------------------------------------------------------------------------------

def prime_of(bits):
    while True:
        candidate = dice.getrandbits(bits) | 1 | 3 << bits - 2
        if candidate % 65537 != 1 and all(candidate % small for small in (3, 5, 7, 11, 13, 17, 19, 23)) and \
                all(pow(witness, candidate - 1, candidate) == 1 for witness in (2, 3, 5, 7)):
            return candidate


def rsa_key(bits=1024):
    p, q = prime_of(bits // 2), prime_of(bits // 2)
    d = pow(65537, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(65537, p * q))
    return numbers, numbers.private_key().private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


def rsa_encrypt(numbers, data):
    """RSAES-PKCS1-v1_5: 00 02, filling without zeros, 00, data"""
    n = numbers.public_numbers.n
    size = (n.bit_length() + 7) // 8
    return big(pow(int.from_bytes(b"\0\2" + octets(size - 3 - len(data)) + b"\0" + data, "big"), 65537, n), size)


def private_keys(*pems):
    return "".join(f'\n[[private_key]]\npem = """{pem}"""\n' for pem in pems)


GROUP_2 = int("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
              "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF", 16)
# The 1024-bit prime of RFC 5114 2.1 and its generator, here as numbers that two peers send each other.
OWN_PRIME = int("B10B8F96A080E01DDE92DE5EAE5D54EC52C99FBCFB06A3C69A6A9DCA52D23B616073E28675A23D189838EF1E2EE652C013ECB4AEA906112324975C3CD49B83BF"
                "ACCBDD7D90C4BD7098488E9C219A73724EFFD6FAE5644738FAA31A4FF55BCCC0A151AF5F0DC8B4BD45BF37DF365C1A65E68CFDA76D4DA708DF1FB2BC2E4A4371", 16)
OWN_GENERATOR = int("A4D1CBD5C3FD34126765A442EFB99905F8104DD258AC507FD6406CFF14266D31266FEA1E5C41564B777E690F5504F213160217B4B01B886A5E91547F9E2749F4"
                    "D7FBD7D3B9A92EE1909D0D2263F80A76A6A24C087A091F531DBF0A0169B6A28AD662A4D18E73AFA32D779D5918D08BC8858F4DCEF97C2A24855E6EEB22B3B2E5", 16)


def expect_v1(payload_lists, group, authentication=("verified", "verified")):
    labels = ["MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "QM1", "QM2", "QM3"]
    return {"files": [{"packets": 11, "ike": 9, "esp": 2}],
            "sas": [{"version": 1, "mode": "main", "stage": "QM_COMPLETE", "suite": {"encryption": "AES-CBC", "key_bits": 128, "group": group},
                     "identities": {"initiator": A, "responder": B},
                     "authentication": {"initiator": authentication[0], "responder": authentication[1]},
                     "messages": [{"label": label, "decrypted": i >= 4, "payloads": names} for i, (label, names) in enumerate(zip(labels, payload_lists))],
                     "children": [{"protocol": "ESP", "keys": True, "ts_initiator": ["10.1.0.0/24"], "ts_responder": ["10.2.0.0/24"],
                                   "esp": {"initiator": {"packets": 1, "opened": 1, "flows": [{"source": "10.1.0.1", "destination": "10.2.0.1", "protocol": "ICMP"}]},
                                           "responder": {"packets": 1, "opened": 1}}}],
                     "findings_exclude": ["malformed", "key-unusable", "dh-secret-missing"]}]}


QUICK = [["HASH", "SA", "No", "ID", "ID"], ["HASH", "SA", "No", "ID", "ID"], ["HASH"]]


def public_key_encryption(revised):
    capture = Capture("v1_rsa_revised_encryption" if revised else "v1_rsa_encryption")
    keys = rsa_key(), rsa_key()
    one = Phase1(capture, 5 if revised else 4, GROUP_2, 2, attribute(4, 2))

    def sent(side):
        receiver = keys[1 - side][0]
        nonce = (10, rsa_encrypt(receiver, one.nonces[side]))
        if not revised:  # RFC 2409 5.2
            return [(4, one.public[side]), (5, rsa_encrypt(receiver, one.ids[side])), nonce]
        key, iv, parts = one.prf(one.nonces[side], one.cookies[side])[:16], bytes(16), [nonce]  # RFC 2409 5.3
        for kind, body in ((4, one.public[side]), (5, one.ids[side])):
            padding = -(len(body) + 1) % 16
            sealed = cbc(key, iv, body + bytes(padding) + bytes([padding]))
            iv = sealed[-16:]
            parts.append((kind, sealed))
        return parts
    skeyid = one.prf(hashlib.sha1(one.nonces[0] + one.nonces[1]).digest(), *one.cookies)
    one.run(sent(0), sent(1), skeyid)
    one.quick()
    names = ["No", "KE", "ID"] if revised else ["KE", "ID", "No"]
    capture.write(f'\n[[dh]]\nprivate = "{one.private[0]:064x}"\n' + private_keys(keys[0][1], keys[1][1]),
                  expect_v1([["SA"], ["SA"], names, names, ["HASH"], ["HASH"], *QUICK], 2))


def own_group():
    capture = Capture("v1_own_group")
    one = Phase1(capture, 1, OWN_PRIME, OWN_GENERATOR, attribute(5, 1) + attribute(6, big(OWN_PRIME, 128)) + attribute(7, big(OWN_GENERATOR, 128)))
    skeyid = one.prf(b"a key of the lab", *one.nonces)
    one.run([(4, one.public[0]), (10, one.nonces[0])], [(4, one.public[1]), (10, one.nonces[1])], skeyid)
    one.quick()
    capture.write(f'\n[[psk]]\nkey = "a key of the lab"\n\n[[dh]]\nprivate = "{one.private[1]:064x}"\n',
                  expect_v1([["SA"], ["SA"], ["KE", "No"], ["KE", "No"], ["ID", "HASH"], ["ID", "HASH"], *QUICK], None))


# --- IKEv2 --------------------------------------------------------------------------------------------------------------------

def prf2(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def prf_plus(key, seed, size):
    out, block = b"", b""
    for count in range(1, 256):
        if len(out) >= size:
            return out[:size]
        block = prf2(key, block, seed, bytes([count]))
        out += block


def transform2(kind, number, bits=0, last=False):
    attributes = attribute(14, bits) if bits else b""
    return bytes([0 if last else 3, 0]) + n2(8 + len(attributes)) + bytes([kind, 0]) + n2(number) + attributes


def sa2(protocol, spi, *transforms):
    body = b"".join(transform2(*one, last=i + 1 == len(transforms)) for i, one in enumerate(transforms))
    return bytes([0, 0]) + n2(8 + len(spi) + len(body)) + bytes([1, protocol, len(spi), len(transforms)]) + spi + body


def notify2(kind, data=b""):
    return 41, bytes([0, 0]) + n2(kind) + data


def selector(net):
    first, last = ipaddress.IPv4Network(net)[0].packed, ipaddress.IPv4Network(net)[-1].packed
    return bytes([1, 0, 0, 0, 7, 0]) + n2(16) + b"\0\0\xff\xff" + first + last


class Ike2:
    """AES-128-CBC, HMAC-SHA2-256 for all, group 2; A is the initiator"""
    NAMES = ("d", 32), ("ai", 32), ("ar", 32), ("ei", 16), ("er", 16), ("pi", 32), ("pr", 32)

    def __init__(self, capture):
        self.capture = capture
        self.spis, self.nonces, self.init = [octets(8), octets(8)], (octets(32), octets(32)), [b"", b""]
        self.private = dice.getrandbits(256), dice.getrandbits(256)
        self.public = [big(pow(2, x, GROUP_2), 128) for x in self.private]
        self.shared = big(pow(2, self.private[0] * self.private[1], GROUP_2), 128)

    def derive(self, seed):
        whole, self.keys = prf_plus(seed, self.nonces[0] + self.nonces[1] + self.spis[0] + self.spis[1], 208), {}
        for name, size in self.NAMES:
            self.keys[name], whole = whole[:size], whole[size:]

    def header(self, from_a, exchange, mid, first, length, answered=True):
        return self.spis[0] + (self.spis[1] if answered else bytes(8)) + bytes([first, 0x20, exchange, 0x08 if from_a else 0x20]) + n4(mid) + n4(length)

    def clear(self, from_a, exchange, *parts):
        first, chain = payloads(*parts)
        message = self.header(from_a, exchange, 0, first, 28 + len(chain), not from_a) + chain
        self.init[0 if from_a else 1] = message
        self.capture.ike(from_a, message)

    def seal(self, from_a, exchange, mid, *parts):
        """Sends an SK payload; returns what RFC 9242 3.3.2 has AUTH cover of it: A | P"""
        first, chain = payloads(*parts)
        padding = -(len(chain) + 1) % 16
        plain, iv = chain + bytes(padding) + bytes([padding]), octets(16)
        length = 4 + 16 + len(plain) + 16
        head = self.header(from_a, exchange, mid, 46, 28 + length) + bytes([first, 0]) + n2(length)
        side = "i" if from_a else "r"
        sent = head + iv + cbc(self.keys["e" + side], iv, plain)
        self.capture.ike(from_a, sent + prf2(self.keys["a" + side], sent)[:16])
        return self.header(from_a, exchange, mid, 46, 28 + 4 + len(chain)) + bytes([first, 0]) + n2(4 + len(chain)) + chain

    def sa_init(self, *more):
        ike = sa2(1, b"", (1, 12, 128), (2, 5), (3, 12), (4, 2), *more)
        for side, from_a in ((0, True), (1, False)):
            self.clear(from_a, 34, (33, ike), (34, n2(2) + bytes(2) + self.public[side]), (40, self.nonces[side]))
        self.derive(prf2(self.nonces[0] + self.nonces[1], self.shared))

    def id(self, side):
        return bytes([2, 0, 0, 0]) + (b"one.example", b"two.example")[side]

    def octets(self, side, intermediate=b""):
        return self.init[side] + self.nonces[1 - side] + prf2(self.keys["pi" if side == 0 else "pr"], self.id(side)) + intermediate

    def auth(self, side, secret, intermediate=b""):
        return 39, bytes([2, 0, 0, 0]) + prf2(prf2(secret, b"Key Pad for IKEv2"), self.octets(side, intermediate))

    def child(self, side, spi):
        """ESP AES-128-CBC, HMAC-SHA2-256-128, extended sequence numbers"""
        return [(33, sa2(3, spi, (1, 12, 128), (3, 12), (5, 1))), (44, selector("10.1.0.0/24")), (45, selector("10.2.0.0/24"))]

    def pings(self, spis, sequence_numbers):
        keymat = prf_plus(self.keys["d"], self.nonces[0] + self.nonces[1], 96)  # RFC 7296 2.17
        for number in sequence_numbers:
            for from_a in (True, False):
                key, integrity = (keymat[:16], keymat[16:48]) if from_a else (keymat[48:64], keymat[64:])
                self.capture.raw(from_a, 50, esp_cbc(key, integrity, hashlib.sha256, 16, spis[1] if from_a else spis[0], number & 0xFFFFFFFF,
                                                     number >> 32, ping(from_a)))


def expect_v2(messages, children=1, pings=0, **more):
    esp = {"packets": pings, "opened": pings, "extended_sequence": True}
    return {"version": 2, "mode": "ikev2", "suite": {"encryption": "AES-CBC", "key_bits": 128}, "identities": {"initiator": "one.example", "responder": "two.example"},
            "authentication": {"initiator": "verified", "responder": "verified"},
            "messages": [{"encrypted": names is not None, "decrypted": names is not None, **({"payloads": names} if names is not None else {})} for names in messages],
            "children": [{"protocol": "ESP", "keys": True, "esp": {"initiator": esp, "responder": esp}}] * children,
            "findings_exclude": ["malformed", "key-unusable", "dh-secret-missing"], **more}


def additional_key_exchange():
    capture, psk = Capture("v2_mlkem"), b"a key of the lab"
    one, secret = Ike2(capture), octets(32)
    one.sa_init((6, 36))
    # What ML-KEM-768 sends is 1184 and 1088 bytes that only its ends understand; any will do.
    links = [prf2(one.keys["pi"], one.seal(True, 43, 1, (34, n2(36) + bytes(2) + octets(1184)))),
             prf2(one.keys["pr"], one.seal(False, 43, 1, (34, n2(36) + bytes(2) + octets(1088))))]
    one.derive(prf2(one.keys["d"], secret, *one.nonces))  # RFC 9370 2.2.2
    intermediate, spis = links[0] + links[1] + n4(2), (octets(4), octets(4))
    one.seal(True, 35, 2, (35, one.id(0)), one.auth(0, psk, intermediate), *one.child(0, spis[0]))
    one.seal(False, 35, 2, (36, one.id(1)), one.auth(1, psk, intermediate), *one.child(1, spis[1]))
    one.pings(spis, (1, 2))
    capture.write(f'\n[[psk]]\nkey = "{psk.decode()}"\n\n[[dh]]\nshared = "{one.shared.hex()}"\n\n[[addke]]\nshared = "{secret.hex()}"\n',
                  {"sas": [expect_v2([None, None, ["KE"], ["KE"], ["IDi", "AUTH", "SA", "TSi", "TSr"], ["IDr", "AUTH", "SA", "TSi", "TSr"]], 1, 2, stage="ESTABLISHED")]})


def resumption():
    capture, psk, ticket = Capture("v2_resume"), b"a key of the lab", octets(48)
    one, spis = Ike2(capture), (octets(4), octets(4))
    one.sa_init()
    one.seal(True, 35, 1, (35, one.id(0)), one.auth(0, psk), notify2(16410), *one.child(0, spis[0]))
    one.seal(False, 35, 1, (36, one.id(1)), one.auth(1, psk), notify2(16409, n4(3600) + ticket), *one.child(1, spis[1]))
    one.pings(spis, (0xFFFFFFFF, 0x100000000, 0x100000001))
    two, more = Ike2(capture), (octets(4), octets(4))
    two.clear(True, 38, (40, two.nonces[0]), notify2(16413, ticket))
    two.clear(False, 38, (40, two.nonces[1]))
    two.derive(prf2(one.keys["d"], b"Resumption", *two.nonces))  # RFC 5723 5.1
    for side, from_a in ((0, True), (1, False)):
        proof = 39, bytes([2, 0, 0, 0]) + prf2(two.keys["pi" if side == 0 else "pr"], two.octets(side))
        two.seal(from_a, 35, 1, (35 + side, two.id(side)), proof, *two.child(side, more[side]))
    two.pings(more, (1,))
    first = expect_v2([None, None, ["IDi", "AUTH", "N(TICKET_REQUEST)", "SA", "TSi", "TSr"], ["IDr", "AUTH", "N(TICKET_LT_OPAQUE)", "SA", "TSi", "TSr"]], 1, 3, stage="ESTABLISHED")
    second = expect_v2([None, None, ["IDi", "AUTH", "SA", "TSi", "TSr"], ["IDr", "AUTH", "SA", "TSi", "TSr"]], 1, 1, stage="ESTABLISHED")
    capture.write(f'\n[[psk]]\nkey = "{psk.decode()}"\n\n[[dh]]\nshared = "{one.shared.hex()}"\n', {"sas": [first, second]})


# --- examples of findings -----------------------------------------------------------------------------------------------------

def main_mode(capture):
    """Main Mode with a pre-shared key and group 2"""
    one = Phase1(capture, 1, GROUP_2, 2, attribute(4, 2))
    one.run([(4, one.public[0]), (10, one.nonces[0])], [(4, one.public[1]), (10, one.nonces[1])], one.prf(b"a key of the lab", *one.nonces))
    return one


def psk_missing():
    """The .keys file has one side's exponent and no pre-shared key"""
    capture = Capture("v1_psk_missing")
    one = main_mode(capture)
    capture.write(f'\n[[dh]]\nprivate = "{one.private[0]:064x}"\n',
                  {"sas": [{"version": 1, "mode": "main", "findings_include": [{"id": "psk-missing", "severity": "note"}], "no_errors": True,
                            "findings_exclude": ["dh-secret-missing"], "messages": [{"decrypted": False}] * 6}]})


def retransmission():
    """MM3 is sent twice before MM4 comes"""
    capture = Capture("v1_retransmission")
    one = main_mode(capture)
    capture.frames.insert(3, capture.frames[2])
    capture.write(f'\n[[psk]]\nkey = "a key of the lab"\n\n[[dh]]\nprivate = "{one.private[0]:064x}"\n',
                  {"sas": [{"stage": "P1_COMPLETE", "no_errors": True, "findings_include": [{"id": "retransmission", "severity": "note"}],
                            "messages": [{"label": "MM1"}, {"label": "MM2"}, {"label": "MM3"}, {"label": "MM3", "retransmission_of": 3}, {"label": "MM4"},
                                         {"decrypted": True}, {"decrypted": True}]}]})


def malformed():
    """The length of MM3's nonce payload says that it is 1000 bytes longer than the message"""
    capture = Capture("v1_malformed")
    main_mode(capture)
    frame = bytearray(capture.frames[2])
    at = 14 + 20 + 8 + 28 + 4 + 128  # Ethernet, IP, UDP, ISAKMP, KE: the nonce's generic header
    frame[at + 2:at + 4] = n2(int.from_bytes(frame[at + 2:at + 4], "big") + 1000)
    capture.frames[2:] = [bytes(frame)] * 1
    capture.write("", {"sas": [{"findings_include": [{"id": "malformed", "severity": "error", "frames": [3]}]}]})


# --- more that no daemon of the lab does --------------------------------------------------------------------------------------

def new_group_mode():
    """RFC 2409 5.6: both agree on a group of their own, number 32768, and use it for PFS (its number is a matter of private agreement)"""
    capture, number = Capture("v1_new_group"), 32768
    one = main_mode(capture)
    mid = 0x55667788
    one.iv = hashlib.sha1(one.last + n4(mid)).digest()[:16]
    offer = sa1(attribute(4, number) + attribute(5, 1) + attribute(6, big(OWN_PRIME, 128)) + attribute(7, big(OWN_GENERATOR, 128)))
    for from_a in (True, False):
        chain = payloads((1, offer))[1]
        one.seal(from_a, 33, mid, [(8, one.prf(one.a, n4(mid), chain)), (1, offer)])
    mid = 0x11223344
    one.iv = hashlib.sha1(one.last + n4(mid)).digest()[:16]
    spis, nonces, private = (octets(4), octets(4)), (octets(16), octets(16)), (dice.getrandbits(256), dice.getrandbits(256))
    public = [big(pow(OWN_GENERATOR, x, OWN_PRIME), 128) for x in private]
    shared = big(pow(OWN_GENERATOR, private[0] * private[1], OWN_PRIME), 128)
    esp = attribute(6, 128) + attribute(5, 2) + attribute(4, 1) + attribute(3, number) + attribute(1, 1) + attribute(2, 3600)
    nets = [bytes([4, 0, 0, 0]) + ipaddress.IPv4Address(net).packed + b"\xff\xff\xff\0" for net in ("10.1.0.0", "10.2.0.0")]
    for side, from_a in ((0, True), (1, False)):
        parts = [(1, sa1(esp, 3, spis[side], 12)), (10, nonces[side]), (4, public[side]), (5, nets[0]), (5, nets[1])]
        start = b"" if from_a else nonces[0]
        one.seal(from_a, 32, mid, [(8, one.prf(one.a, n4(mid), start, payloads(*parts)[1])), *parts])
    one.seal(True, 32, mid, [(8, one.prf(one.a, b"\0", n4(mid), *nonces))])
    for from_a in (True, False):
        spi, keymat, block = spis[1] if from_a else spis[0], b"", b""
        while len(keymat) < 36:  # RFC 2409 5.5, with PFS
            block = one.prf(one.d, block, shared, b"\3", spi, *nonces)
            keymat += block
        capture.raw(from_a, 50, esp_cbc(keymat[:16], keymat[16:36], hashlib.sha1, 12, spi, 1, None, ping(from_a)))
    opened = [{"encrypted": True, "decrypted": True, "payloads": names} for names in
              (["ID", "HASH"], ["ID", "HASH"], ["HASH", "SA"], ["HASH", "SA"], ["HASH", "SA", "No", "KE", "ID", "ID"], ["HASH", "SA", "No", "KE", "ID", "ID"], ["HASH"])]
    capture.write(f'\n[[psk]]\nkey = "a key of the lab"\n\n[[dh]]\nprivate = "{one.private[0]:064x}"\n\n[[dh]]\nprivate = "{private[1]:064x}"\n',
                  {"sas": [{"version": 1, "stage": "QM_COMPLETE", "no_errors": True, "messages": [{"decrypted": False}] * 4 + opened,
                            "authentication": {"initiator": "verified", "responder": "verified"},
                            "children": [{"keys": True, "esp": {"initiator": {"packets": 1, "opened": 1}, "responder": {"packets": 1, "opened": 1}}}],
                            "findings_exclude": ["malformed", "key-unusable", "illegal-message"]}]})


class Rekeyed(Ike2):
    """The IKE SA that a CREATE_CHILD_SA makes of another one; RFC 7296 2.18"""

    def __init__(self, old, began_a):
        super().__init__(old.capture)
        self.old, self.began_a = old, began_a

    def header(self, from_a, exchange, mid, first, length, answered=True):
        initiator = from_a == self.began_a  # of the new SA; requests and responses are told by `response`
        return self.spis[0] + self.spis[1] + bytes([first, 0x20, exchange, (8 if initiator else 0) | (0x20 if self.response else 0)]) + n4(mid) + n4(length)

    response = False

    def sealed(self, from_a, exchange, mid, response, *parts):
        self.response = response
        side = "i" if from_a == self.began_a else "r"
        first, chain = payloads(*parts)
        padding = -(len(chain) + 1) % 16
        plain, iv = chain + bytes(padding) + bytes([padding]), octets(16)
        length = 4 + 16 + len(plain) + 16
        head = self.header(from_a, exchange, mid, 46, 28 + length) + bytes([first, 0]) + n2(length)
        sent = head + iv + cbc(self.keys["e" + side], iv, plain)
        self.capture.ike(from_a, sent + prf2(self.keys["a" + side], sent)[:16])

    def offer(self, side, *more):
        return [(33, sa2(1, self.spis[side], (1, 12, 128), (2, 5), (3, 12), (4, 2), *more)), (40, self.nonces[side]),
                (34, n2(2) + bytes(2) + self.public[side])]

    def take_over(self, *additional):
        """SKEYSEED = prf(SK_d (old), SK(0) | Ni | Nr [| SK(1) …]); RFC 7296 2.18, RFC 9370 2.2.4"""
        self.derive(prf2(self.old.keys["d"], self.shared, *self.nonces, *additional))


def established(capture, psk, *more):
    """IKE_SA_INIT and IKE_AUTH; wraps the SA so that messages of either end as request or response can be sealed"""
    one, spis = Ike2(capture), (octets(4), octets(4))
    one.sa_init(*more)
    one.seal(True, 35, 1, (35, one.id(0)), one.auth(0, psk), *one.child(0, spis[0]))
    one.seal(False, 35, 1, (36, one.id(1)), one.auth(1, psk), *one.child(1, spis[1]))
    wrapped = Rekeyed(one, True)
    wrapped.spis, wrapped.nonces, wrapped.keys = one.spis, one.nonces, one.keys
    return one, wrapped, spis


AUTH_NAMES = [None, None, ["IDi", "AUTH", "SA", "TSi", "TSr"], ["IDr", "AUTH", "SA", "TSi", "TSr"]]
SEALED = {"encrypted": True, "decrypted": True}


def sealed_names(*lists):
    return [{**SEALED, "payloads": names} for names in lists]


def followup_key_exchange():
    """RFC 9370 2.2.4: an IKE SA and then a Child SA are rekeyed with ML-KEM beside the Diffie-Hellman exchange, its data in IKE_FOLLOWUP_KE"""
    capture, psk = Capture("v2_followup_ke"), b"a key of the lab"
    one, old, spis = established(capture, psk)
    link, secrets = octets(8), [octets(32), octets(32), octets(32)]
    new = Rekeyed(one, True)
    kem = (6, 36), (7, 35)
    old.sealed(True, 36, 2, False, *new.offer(0, *kem))
    old.sealed(False, 36, 2, True, *new.offer(1, *kem), notify2(16441, link))
    for mid, method, request, response, more in ((3, 36, 1184, 1088, [notify2(16441, octets(8))]), (4, 35, 800, 768, [])):
        old.sealed(True, 44, mid, False, (34, n2(method) + bytes(2) + octets(request)), notify2(16441, link))
        old.sealed(False, 44, mid, True, (34, n2(method) + bytes(2) + octets(response)), *more)
    new.take_over(secrets[0], secrets[1])
    old.sealed(True, 37, 5, False, (42, bytes([1, 0, 0, 0])))
    old.sealed(False, 37, 5, True)
    # a Child SA of the new IKE SA, with its own Diffie-Hellman exchange and one of ML-KEM
    nonces, esp = (octets(32), octets(32)), (octets(4), octets(4))
    private = dice.getrandbits(256), dice.getrandbits(256)
    public = [big(pow(2, x, GROUP_2), 128) for x in private]
    shared = big(pow(2, private[0] * private[1], GROUP_2), 128)

    def child(side):
        return [(33, sa2(3, esp[side], (1, 12, 128), (3, 12), (4, 2), (5, 0), (6, 36))), (40, nonces[side]), (34, n2(2) + bytes(2) + public[side]),
                (44, selector("10.1.0.0/24")), (45, selector("10.2.0.0/24"))]
    new.sealed(True, 36, 0, False, *child(0))
    new.sealed(False, 36, 0, True, *child(1), notify2(16441, link))
    new.sealed(True, 44, 1, False, (34, n2(36) + bytes(2) + octets(1184)), notify2(16441, link))
    new.sealed(False, 44, 1, True, (34, n2(36) + bytes(2) + octets(1088)))
    keymat = prf_plus(new.keys["d"], shared + nonces[0] + nonces[1] + secrets[2], 96)
    for from_a in (True, False):
        key, integrity = (keymat[:16], keymat[16:48]) if from_a else (keymat[48:64], keymat[64:])
        capture.raw(from_a, 50, esp_cbc(key, integrity, hashlib.sha256, 16, esp[1] if from_a else esp[0], 1, None, ping(from_a)))
    link_name, esp_seen = "N(ADDITIONAL_KEY_EXCHANGE)", {"packets": 1, "opened": 1}
    names = sealed_names(["SA", "No", "KE"], ["SA", "No", "KE", link_name], ["KE", link_name], ["KE", link_name], ["KE", link_name], ["KE"], ["D"], [])
    first = {"version": 2, "stage": "DELETED", "findings_exclude": ["malformed", "key-unusable", "illegal-message"], "no_errors": True,
             "messages": [{"encrypted": False}] * 2 + sealed_names(*AUTH_NAMES[2:]) + names}
    second = {"version": 2, "rekey_of": 0, "no_errors": True, "keys": {"available": True},
              "messages": sealed_names(["SA", "No", "KE", "TSi", "TSr"], ["SA", "No", "KE", "TSi", "TSr", link_name], ["KE", link_name], ["KE"]),
              "children": [{"keys": True, "esp": {"initiator": esp_seen, "responder": esp_seen}}]}
    dh = "".join(f'\n[[dh]]\nshared = "{value.hex()}"\n' for value in (one.shared, new.shared, shared))
    addke = "".join(f'\n[[addke]]\nshared = "{value.hex()}"\n' for value in secrets)
    capture.write(f'\n[[psk]]\nkey = "{psk.decode()}"\n{dh}{addke}', {"sas": [first, second], "findings_exclude": ["key-unusable"]})


def simultaneous_rekey():
    """RFC 7296 2.8.1, 2.8.2: both ends rekey the Child SA at once and then the IKE SA at once; all four new SAs come up, what one end began with the
    lowest nonce of the four is deleted by that end"""
    capture, psk = Capture("v2_simultaneous_rekey"), b"a key of the lab"
    one, old, spis = established(capture, psk)
    nonces, esp = [(octets(32), octets(32)), (octets(32), octets(32))], [(octets(4), octets(4)), (octets(4), octets(4))]

    def child(which, side):
        nets = ("10.1.0.0/24", "10.2.0.0/24") if which == 0 else ("10.2.0.0/24", "10.1.0.0/24")
        return [(33, sa2(3, esp[which][side], (1, 12, 128), (3, 12), (5, 0))), (40, nonces[which][side]), (44, selector(nets[0])), (45, selector(nets[1]))]
    rekeys = [(41, bytes([3, 4]) + n2(16393) + spis[side]) for side in (0, 1)]  # N(REKEY_SA) with the SPI that its sender receives with
    old.sealed(True, 36, 2, False, rekeys[0], *child(0, 0))
    old.sealed(False, 36, 0, False, rekeys[1], *child(1, 0))
    old.sealed(True, 36, 0, True, *child(1, 1))
    old.sealed(False, 36, 2, True, *child(0, 1))
    for which in (0, 1):
        keymat = prf_plus(one.keys["d"], nonces[which][0] + nonces[which][1], 96)
        for there in (True, False):  # whoever began it sends with the first keys
            from_a = there == (which == 0)
            key, integrity = (keymat[:16], keymat[16:48]) if there else (keymat[48:64], keymat[64:])
            capture.raw(from_a, 50, esp_cbc(key, integrity, hashlib.sha256, 16, esp[which][1 if there else 0], 1, None, ping(from_a)))
    new = Rekeyed(one, True), Rekeyed(one, False)
    old.sealed(True, 36, 3, False, *new[0].offer(0))
    old.sealed(False, 36, 1, False, *new[1].offer(0))
    old.sealed(True, 36, 1, True, *new[1].offer(1))
    old.sealed(False, 36, 3, True, *new[0].offer(1))
    for one_new in new:
        one_new.take_over()
    lost = min((0, 1), key=lambda which: min(new[which].nonces))
    loser, winner = new[lost], new[1 - lost]
    loser.sealed(lost == 0, 37, 0, False, (42, bytes([1, 0, 0, 0])))
    loser.sealed(lost != 0, 37, 0, True)
    old.sealed(True, 37, 4, False, (42, bytes([1, 0, 0, 0])))
    old.sealed(False, 37, 4, True)
    winner.sealed(True, 37, 0, False)
    winner.sealed(False, 37, 0, True)
    esp_seen = {"packets": 1, "opened": 1}
    rekey = "N(REKEY_SA)"
    names = sealed_names([rekey, "SA", "No", "TSi", "TSr"], [rekey, "SA", "No", "TSi", "TSr"], ["SA", "No", "TSi", "TSr"], ["SA", "No", "TSi", "TSr"],
                         ["SA", "No", "KE"], ["SA", "No", "KE"], ["SA", "No", "KE"], ["SA", "No", "KE"], ["D"], [])
    first = {"version": 2, "stage": "DELETED", "no_errors": True, "messages": [{"encrypted": False}] * 2 + sealed_names(*AUTH_NAMES[2:]) + names,
             "children": [{"keys": True}] + [{"keys": True, "esp": {"initiator": esp_seen, "responder": esp_seen}}] * 2,
             "findings_exclude": ["malformed", "key-unusable", "illegal-message", "no-response"]}
    # in the order in which their exchanges were answered: the responder's first
    after = {0: {"stage": "DELETED", "messages": sealed_names(["D"], [])}, 1: {"messages": sealed_names([], [])}}
    sas = [{"version": 2, "rekey_of": 0, "no_errors": True, "keys": {"available": True}, "initiator": {"address": A if which == 0 else B},
            **after[0 if which == lost else 1]} for which in (1, 0)]
    dh = "".join(f'\n[[dh]]\nshared = "{value.hex()}"\n' for value in (one.shared, new[0].shared, new[1].shared))
    capture.write(f'\n[[psk]]\nkey = "{psk.decode()}"\n{dh}', {"sas": [first, *sas], "findings_exclude": ["key-unusable"]})


for revised in (False, True):
    public_key_encryption(revised)
own_group()
additional_key_exchange()
resumption()
psk_missing()
retransmission()
malformed()
new_group_mode()
followup_key_exchange()
simultaneous_rekey()
