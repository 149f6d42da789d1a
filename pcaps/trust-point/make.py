#!/usr/bin/env python3
"""Writes trust-point.pcap of this folder from ../lab/v1_ecdsa384/v1_ecdsa384.pcap.

  trust-point/make.py    always writes the same bytes

MM1 to MM5 are the real exchange of two charon; MM6 and Quick Mode are cut off, and MM5 comes again five times, 10 s
apart, as an initiator does that gets no answer.  Standard library only.
SPDX-License-Identifier: Apache-2.0
"""
import struct
from pathlib import Path

here = Path(__file__).resolve().parent
data = (here.parent / "lab/v1_ecdsa384/v1_ecdsa384.pcap").read_bytes()
assert data[:4] == b"\xd4\xc3\xb2\xa1", "a little-endian microsecond pcap"
offset, frames = 24, []
for _ in range(5):
    seconds, fraction, size, whole = struct.unpack_from("<4I", data, offset)
    frames.append([seconds, fraction, whole, data[offset + 16:offset + 16 + size]])
    offset += 16 + size
seconds, fraction, whole, mm5 = frames[-1]
frames += [[seconds + 10 * again, fraction, whole, mm5] for again in range(1, 6)]
out = data[:24] + b"".join(struct.pack("<4I", s, f, len(frame), w) + frame for s, f, w, frame in frames)
(here / "trust-point.pcap").write_bytes(out)
(here / "trust-point.keys").write_text((here.parent / "lab/v1_ecdsa384/v1_ecdsa384.keys").read_text())
