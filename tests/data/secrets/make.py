#!/usr/bin/env python3
"""Writes the samples of this folder: keys that daemons logged for captures of pcaps/lab, in the layout of other programs."""
import gzip, json, pathlib, re

here = pathlib.Path(__file__).parent
lab = here / "../../../pcaps/lab"


def truth(scenario):
    return json.loads((lab / scenario / f"{scenario}.truth.json").read_text())["a"]


def charon(scenario):
    """The records of a.l4.log that a secrets reader looks at: [(thread, group, sa, [lines])]."""
    packed = lab / scenario / "a.l4.log.gz"
    text = gzip.open(packed, "rt").read() if packed.exists() else (lab / scenario / "a.l4.log").read_text()
    records = []
    for line in text.splitlines():
        found = re.match(r".*? (\d\d)\[(\w+)\] (?:<(\S+)> )?(.*)$", line)
        if not found or found[2] not in ("IKE", "CHD", "ENC") or not found[3]:
            continue
        thread, group, sa, message = found.groups()
        if re.match(r" *\d+: ", message) and records and records[-1][0] == thread:
            records[-1][3].append(message)
        elif "bytes @" in message or "parsed" in message or group == "CHD":
            records.append([thread, group, sa, [message]])
        else:
            records.append([thread, group, sa, [message]]) if group == "IKE" else None
    interesting = ("secret", "SKEYID", "Ka =>", "seed", "key =>", "using ", "adding ", "SPI 0x", "parsed")
    return [r for r in records if any(word in r[3][0] for word in interesting)]


def blocks(digits, size=8, row=64):
    return "\n".join(" ".join(digits[i:i + row][j:j + size] for j in range(0, len(digits[i:i + row]), size)) for i in range(0, len(digits), row))


def wrapped(text, width):
    return "\n".join(text[i:i + width] for i in range(0, len(text), width))


def write(name, text):
    (here / name).write_text(text)


v1, v2, gcm = truth("v1mm_ok"), truth("v2_ok"), truth("v2_gcm_ok")
psk = b"labpsk".hex()
cookies = ("f8df968f0944b01c", "ecd2ed98e1b75f9d")
spis = ("ab59d9691da10b97", "e6b94ff4ecff5368")

# charon's shapes
lines = charon("v1mm_ok")
prefix = "Nov 23 16:59:54 gw charon-systemd[812]: "
write("journal-short.v1mm_ok.log", "".join(prefix + ("\n" + " " * len(prefix)).join(r[3]) + "\n" for r in lines))
write("journal-json.v1mm_ok.log", "".join(json.dumps({"__REALTIME_TIMESTAMP": "1795453194000000", "SYSLOG_IDENTIFIER": "charon-systemd", "MESSAGE": "\n".join(r[3]),
      "THREAD": r[0], "GROUP": r[1], "LEVEL": "4", "IKE_SA_NAME": r[2].split("|")[0], "IKE_SA_UNIQUE_ID": r[2].split("|")[-1]}) + "\n" for r in lines))
write("file-json.v2_ok.log", "".join(json.dumps({"time": "2026-11-23T17:00:02", "thread": int(r[0]), "group": r[1], "level": 4, "ikesa-uniqueid": r[2].split("|")[-1],
      "ikesa-name": r[2].split("|")[0], "msg": "\n".join(r[3])}, separators=(",", ":")) + "\n" for r in charon("v2_ok")).replace("shared Diffie Hellman secret", "key exchange secret"))
write("syslog.v2_ok.log", "".join(f"Nov 23 17:00:02 gw ipsec[4711]: {r[0]}[{r[1]}] <{r[2]}> {m}\r\n" for r in charon("v2_ok") for m in r[3]))

# racoon and its children
labels = [("oakley.c:1046:oakley_dh_compute()", "compute DH's shared.", v1["dh"]), ("oakley.c:2413:oakley_skeyid()", "psk: ", psk),
          ("oakley.c:2476:oakley_skeyid()", "SKEYID computed:", v1["skeyid"]), ("oakley.c:2533:oakley_skeyid_dae()", "SKEYID_d computed:", v1["skeyid_d"]),
          ("oakley.c:2591:oakley_skeyid_dae()", "SKEYID_e computed:", v1["skeyid_e"]), ("oakley.c:2723:oakley_compute_enckey()", "final encryption key computed:", v1["ka"]),
          ("oakley.c:2814:oakley_newiv()", "IV computed:", v1["initial_iv"])]
at = "2026-11-23 16:59:54: "
write("racoon.v1mm_ok.log", at + "INFO: initiate new phase 1 negotiation: 10.77.0.1[500]<=>10.77.0.2[500]\n" +
      "".join(f"{at}DEBUG: {place}: {label}\n{at}DEBUG: \n{blocks(value)}\n\n" for place, label, value in labels))
write("racoon-syslog.v1mm_ok.log", "".join(f"Nov 23 16:59:54 gw racoon: DEBUG: {label}\nNov 23 16:59:54 gw racoon: DEBUG: #012{blocks(value, 8, 10**6)}#012\n" for _, label, value in labels))
write("racoon2.v1mm_ok.log", "".join(f"2026-11-23 16:59:54 [PLOG_DEBUG]: ikev1.c:100:f(): {label}\n2026-11-23 16:59:54 [PLOG_DEBUG]: \n{blocks(value)}\n\n" for _, label, value in labels))
write("mikrotik.v1mm_ok.log", f"16:59:54 ipsec sent phase1 packet 10.77.0.1[500]<=>10.77.0.2[500] {cookies[0]}:{cookies[1]}\n" +
      "".join(f"16:59:54 ipsec,debug {label}\n16:59:54 ipsec,debug {blocks(value, 8, 10**6)}\n" for _, label, value in labels if "psk" not in label))
key = blocks(v1["ka"], 8, 10**6)
write("mikrotik-wrapped.v1mm_ok.log", f"nov/23/2026 16:59:54 ipsec,debug,packet final encryption \n    key computed:\nnov/23/2026 16:59:54 ipsec,debug,packet {key[:18]}\n    {key[18:]}\n"
      "nov/23/2026 16:59:54 ipsec,debug hash(sha1)\n")

# FortiGate
write("fortigate.v1mm_ok.log", f"ike 0: comes 10.77.0.2:500->10.77.0.1:500,ifindex=6....\nike 0: IKEv1 exchange=Identity Protection id={cookies[0]}/{cookies[1]} len=244\n"
      f"ike 0:p1:14: ISAKMP SA {cookies[0]}/{cookies[1]} key {len(v1['ka']) // 2}:{v1['ka'].upper()}\nike 0:p1:14: PSK authentication succeeded\n")
sk = "".join(wrapped(f"2026-11-23 17:00:02.123456 ike V=root:0:p1:15: IKE SA {'/'.join(spis)} {name} {len(v2[field]) // 2}:{v2[field].upper()}", 100) + "\n"
             for name, field in (("SK_ei", "sk_ei"), ("SK_er", "sk_er"), ("SK_ai", "sk_ai"), ("SK_ar", "sk_ar")))
write("fortigate.v2_ok.log", sk)
write("fortigate-tunnel.txt", f"list all ipsec tunnel in vd 0\n------------------------------------------------------\nname=p1 ver=1 serial=1 10.77.0.1:0->10.77.0.2:0 dst_mtu=1500\n"
      f"  SA:  ref=3 options=10226 type=00 soft=0 mtu=1438 expire=42902/0B replaywin=1024\n  dec: spi=7c1098ca esp=aes key=16 {v1['child_encryption_r']}\n       ah=sha1 key=20 {v1['child_integrity_r']}\n"
      f"  enc: spi=b3672715 esp=aes key=16 {v1['child_encryption_i']}\n       ah=sha1 key=20 {v1['child_integrity_i']}\n  dec:pkts/bytes=0/0, enc:pkts/bytes=0/0\n")

# iked
names = [("DHSECRET", v2["dh"]), ("SKEYSEED", v2["skeyseed"]), ("S", "00" * 48)] + [(n, v2[n.lower()]) for n in ("SK_d", "SK_ai", "SK_ar", "SK_ei", "SK_er", "SK_pi", "SK_pr")]
write("openiked.v2_ok.log", "ikev2_recv: IKE_SA_INIT request from initiator 10.77.0.1:500 to 10.77.0.2:500 policy 'policy1' id 0, 464 bytes\n" +
      "".join(f"{'spi=0x' + spis[0] + ': ' if n in ('DHSECRET', 'S') else ''}ikev2_sa_keys: {n} with {len(v) // 2} bytes\n{blocks(v)}\n" for n, v in names))

# tables
write("ikev2-table.v2_ok.txt", f'# written by hand\n{spis[0]},{spis[1]},{v2["sk_ei"]},{v2["sk_er"]},"AES-CBC-128 [RFC3602]",{v2["sk_ai"]},{v2["sk_ar"]},"HMAC_SHA2_256_128 [RFC4868]"\n')
write("ikev1-table.v1mm_ok.txt", f'{cookies[0]},{v1["ka"]}\n')
write("tcpdump.v2_ok.txt", f"# ikev2 I|R SPI SPI INTEGRITY CIPHER\nikev2 I 0x{spis[0]} 0x{spis[1]} sha256:0x{v2['sk_ai']} aes128-cbc:0x{v2['sk_ei']}\n"
      f"ikev2 R 0x{spis[0]} 0x{spis[1]} sha256:0x{v2['sk_ar']} aes128-cbc:0x{v2['sk_er']}\n")
write("tcpdump-esp.txt", f"0xb3672715@10.77.0.2 aes128-cbc-hmac96:0x{v1['child_encryption_i']}\n0x7c1098ca@10.77.0.1 aes128-cbc-hmac96:0x{v1['child_encryption_r']}\n")
write("esp_sa.txt", f'"IPv4","10.77.0.1","10.77.0.2","0xb3672715","AES-CBC [RFC3602]","0x{v1["child_encryption_i"]}","HMAC-SHA-1-96 [RFC2404]","0x{v1["child_integrity_i"]}"\n'
      f'"IPv4","*","10.77.0.1","0x7c1098ca","AES-CBC [RFC3602]","0x{v1["child_encryption_r"]}","HMAC-SHA-1-96 [RFC2404]","0x{v1["child_integrity_r"]}","32-bit"\n')
write("xfrm.txt", f"""src 10.77.0.1 dst 10.77.0.2
	proto esp spi 0xb3672715 reqid 1 mode tunnel
	replay-window 0 flag af-unspec
	auth-trunc hmac(sha1) 0x{v1['child_integrity_i']} 96
	enc cbc(aes) 0x{v1['child_encryption_i']}
	encap type espinudp sport 4500 dport 4500 addr 0.0.0.0
	anti-replay context: seq 0x0, oseq 0x0, bitmap 0x00000000
src 10.77.0.2 dst 10.77.0.1
	proto esp spi 0x3b551217 reqid 2 mode tunnel
	replay-window 32 flag af-unspec esn
	aead rfc4106(gcm(aes)) 0x{gcm['child_encryption_r']} 128
	anti-replay esn context:
	dir in
src 10.77.0.9 dst 10.77.0.1
	proto esp spi 0xc0ffee01 reqid 3 mode tunnel
	sel src 10.77.0.9/32 dst 10.77.0.1/32 proto 17
""")
write("setkey.txt", f"""10.77.0.1[4500] 10.77.0.2[4500]
	esp-udp mode=tunnel spi=3009881877(0xb3672715) reqid=0(0x00000000)
	E: rijndael-cbc  {blocks(v1['child_encryption_i'], 8, 10**6)}
	A: hmac-sha1  {blocks(v1['child_integrity_i'], 8, 10**6)}
	seq=0x00000000 replay=4 flags=0x00000000 state=mature
	created: Nov 23 16:59:54 2026	current: Nov 23 17:01:00 2026
10.77.0.2 10.77.0.1
	esp mode=tunnel spi=2081462474(0x7c1098ca) reqid=0(0x00000000)
	E: aes-cbc  {blocks(v1['child_encryption_r'], 8, 10**6)}
	A: hmac-sha1  {blocks(v1['child_integrity_r'], 8, 10**6)}
	seq=0x00000000 replay=4 flags=0x00000000 state=mature
""")
