#!/usr/bin/env python3
"""An Aggressive Mode of two made-up peers, as a capture and as psk-crack and hashcat want it.

    psk_sample.py md5|sha1 KEY OUT [NONCE_BYTES [GROUP_BYTES]]      writes OUT.pcap and OUT.line

HASH_R is that of KEY (RFC 2409 section 5): SKEYID = prf(key, Ni | Nr), HASH_R = prf(SKEYID, g^xr | g^xi | CKY-R | CKY-I | SAi | IDir).
"""
import hashlib
import hmac
import random
import struct
import sys


def payload(following, body):
    return struct.pack(">BBH", following, 0, len(body) + 4) + body


def message(cookies, following, payloads):
    return cookies + struct.pack(">BBBBII", following, 0x10, 4, 0, 0, 28 + len(payloads)) + payloads


def datagram(source, destination, data):
    udp = struct.pack(">HHHH", 500, 500, 8 + len(data), 0) + data
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, source, destination)
    total = sum(struct.unpack(">10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    return head[:10] + struct.pack(">H", checksum) + head[12:] + udp


def main():
    name, key, out = sys.argv[1:4]
    nonce_bytes, group_bytes = (int(sys.argv[i]) if len(sys.argv) > i else default for i, default in ((4, 20), (5, 128)))
    some = random.Random(2409).randbytes
    cookie_i, cookie_r, ni, nr = some(8), some(8), some(nonce_bytes), some(nonce_bytes)
    gxi, gxr = some(group_bytes), some(group_bytes)
    group = {96: 1, 128: 2, 192: 5, 256: 14, 384: 15, 512: 16}[group_bytes]
    attributes = struct.pack(">12HI", 0x8001, 5, 0x8002, {"md5": 1, "sha1": 2}[name], 0x8003, 1, 0x8004, group, 0x800B, 1, 0x000C, 4, 28800)
    transform = struct.pack(">BBHBBH", 0, 0, 8 + len(attributes), 1, 1, 0) + attributes
    sa = struct.pack(">II", 1, 1) + struct.pack(">BBHBBBB", 0, 0, 8 + len(transform), 1, 1, 0, 1) + transform
    address = {"i": bytes([192, 0, 2, 1]), "r": bytes([192, 0, 2, 2])}
    id_i, id_r = (struct.pack(">BBH", 1, 17, 500) + address[side] for side in "ir")

    prf = lambda secret, data: hmac.new(secret, data, name).digest()
    hash_r = prf(prf(key.encode(), ni + nr), gxr + gxi + cookie_r + cookie_i + sa + id_r)
    fields = (gxr, gxi, cookie_r, cookie_i, sa, id_r, ni, nr, hash_r)
    with open(out + ".line", "w") as file:
        file.write(":".join(field.hex() for field in fields) + "\n")

    am1 = message(cookie_i + bytes(8), 1, payload(4, sa) + payload(10, gxi) + payload(5, ni) + payload(0, id_i))
    am2 = message(cookie_i + cookie_r, 1, payload(4, sa) + payload(10, gxr) + payload(5, nr) + payload(8, id_r) + payload(0, hash_r))
    with open(out + ".pcap", "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))  # raw IP
        for second, packet in enumerate((datagram(address["i"], address["r"], am1), datagram(address["r"], address["i"], am2))):
            file.write(struct.pack("<IIII", 1700000000 + second, 0, len(packet), len(packet)) + packet)


main()
