"""NAME.expect.json, NAME.keys and PROVENANCE.md of a folder that make-lab.py recorded: which frame holds which message
is read from the capture, what is inside it and what came of it from the initiator's log.

Standard library only.  SPDX-License-Identifier: Apache-2.0
"""
import json
import re
import struct
from ipaddress import ip_address

import charonlog
from scenarios import KEY_KINDS

# short names of charon's notify types -> the registry's
NOTIFY = {
    "NATD_S_IP": "NAT_DETECTION_SOURCE_IP", "NATD_D_IP": "NAT_DETECTION_DESTINATION_IP", "FRAG_SUP": "IKEV2_FRAGMENTATION_SUPPORTED",
    "HASH_ALG": "SIGNATURE_HASH_ALGORITHMS", "REDIR_SUP": "REDIRECT_SUPPORTED", "CHDLESS_SUP": "CHILDLESS_IKEV2_SUPPORTED",
    "MULT_AUTH": "MULTIPLE_AUTH_SUPPORTED", "INIT_CONTACT": "INITIAL_CONTACT", "INITIAL_CONTACT": "INITIAL_CONTACT",
    "EAP_ONLY": "EAP_ONLY_AUTHENTICATION", "MSG_ID_SYN_SUP": "IKEV2_MESSAGE_ID_SYNC_SUPPORTED", "ESP_TFC_PAD_N": "ESP_TFC_PADDING_NOT_SUPPORTED",
    "NO_ADD_ADDR": "NO_ADDITIONAL_ADDRESSES", "MOBIKE_SUP": "MOBIKE_SUPPORTED", "REKEY_SA": "REKEY_SA", "COOKIE": "COOKIE",
    "USE_PPK": "USE_PPK", "PPK_ID": "PPK_IDENTITY", "NO_PPK": "NO_PPK_AUTH", "INVAL_KE": "INVALID_KE_PAYLOAD", "NO_PROP": "NO_PROPOSAL_CHOSEN",
    "AUTH_FAILED": "AUTHENTICATION_FAILED", "TS_UNACCEPT": "TS_UNACCEPTABLE", "DPD": "R_U_THERE", "DPD_ACK": "R_U_THERE_ACK",
}
# what charon calls a key exchange -> its number
GROUPS = {"MODP_768": 1, "MODP_1024": 2, "MODP_1536": 5, "MODP_2048": 14, "MODP_3072": 15, "MODP_4096": 16, "MODP_8192": 18, "ECP_256": 19,
          "ECP_384": 20, "ECP_521": 21, "MODP_2048_256": 24, "ECP_224": 26, "ECP_256_BP": 28, "CURVE_25519": 31, "CURVE_448": 32}
CIPHERS = {"AES_CBC": "AES-CBC", "3DES_CBC": "3DES-CBC", "DES_CBC": "DES-CBC", "BLOWFISH_CBC": "BLOWFISH-CBC", "CAST_CBC": "CAST-CBC",
           "CAMELLIA_CBC": "CAMELLIA-CBC", "CAMELLIA_CTR": "CAMELLIA-CTR", "AES_CTR": "AES-CTR", "CHACHA20_POLY1305": "CHACHA20-POLY1305"}
SUITE = re.compile(r"selected proposal: IKE:(.*)$")
UP = re.compile(r"IKE_SA \S+\[\d+\] established between [^[]+\[(.*)\]\.\.\.[^[]+\[(.*)\]$")
CHILD = re.compile(r"CHILD_SA \S+\{\d+\} established with SPIs ([0-9a-f]{8})_i ([0-9a-f]{8})_o and TS (.*) === (.*)$")
GONE = re.compile(r"(?:deleting|received DELETE for) IKE_SA \S+\[(\d+)\]")


def frames(path):
    """(number, source, destination, source port, destination port, UDP payload); IP fragments at the one that completes them"""
    data = path.read_bytes()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at, number, waiting = 24, 0, {}
    while at + 16 <= len(data):
        size = struct.unpack(order + "I", data[at + 8:at + 12])[0]
        number, frame, at = number + 1, data[at + 16:at + 16 + size], at + 16 + size
        kind, ip = frame[12:14], frame[14:]
        if kind == b"\x08\x00":
            head, total = (ip[0] & 15) * 4, struct.unpack(">H", ip[2:4])[0]
            where, body = struct.unpack(">H", ip[6:8])[0], ip[head:total]
            ends = ip_address(ip[12:16]), ip_address(ip[16:20])
            if where & 0x3FFF:
                parts = waiting.setdefault((ends, ip[4:6]), {})
                parts[(where & 0x1FFF) * 8] = body
                if where & 0x2000:
                    continue
                body = b"".join(parts[k] for k in sorted(parts))
        elif kind == b"\x86\xdd" and ip[6] == 17:
            ends, body = (ip_address(ip[8:24]), ip_address(ip[24:40])), ip[40:40 + struct.unpack(">H", ip[4:6])[0]]
        else:
            continue
        ports = struct.unpack(">HH", body[:4])
        yield number, str(ends[0]), str(ends[1]), *ports, body[8:]


def ike(path):
    """One dict per IKE datagram"""
    for number, source, destination, sport, dport, payload in frames(path):
        if 4500 in (sport, dport):
            if payload[:4] != bytes(4):
                continue
            payload = payload[4:]
        if len(payload) < 28:
            continue
        yield {"frame": number, "from": source, "to": destination, "bytes": payload, "spi": payload[:8].hex(), "next": payload[16],
               "version": payload[17] >> 4, "exchange": payload[18], "flags": payload[19], "mid": payload[20:24]}


def fragment(message):
    """(key, number, is it the last, count or None) of an IKE fragment"""
    body = message["bytes"][28:]
    key = (message["spi"], message["from"], message["exchange"], message["mid"])
    if message["version"] == 2 and message["next"] == 53:
        number, total = struct.unpack(">HH", body[4:8])
        return key, number, number == total
    if message["version"] == 1 and message["next"] == 132:
        return (*key, body[4:6]), body[6], bool(body[7] & 1)
    return None


def assembled(path):
    """Messages; those in fragments once, where they are complete. None at the end if some never were."""
    waiting, lost, known = {}, False, {}
    for m in ike(path):
        same = (m["from"], m["bytes"])
        if same in known:
            m["retransmission_of"] = known[same]
        known.setdefault(same, m["frame"])
        part = fragment(m)
        if not part:
            yield m
            continue
        parts = waiting.setdefault(part[0], {})
        parts[part[1]] = (m, part[2])
        last = [n for n, (_, is_last) in parts.items() if is_last]
        if last and len(parts) == last[0]:
            m["fragments"] = [parts[n][0]["frame"] for n in sorted(parts)]
            yield m
            del waiting[part[0]]
    if waiting:
        yield None


def short_names(text):
    for word in re.findall(r"[\w/-]+(?:\([^)]*\))?", text):
        if word.startswith("N("):
            name = word[2:-1]
            yield f"N({NOTIFY[name]})"
        elif re.match(r"CP(RQ|RP|S|A)?\b", word):
            yield "CP"
        else:
            yield word.split("/")[0].split("(")[0]


class Account:
    """What the initiator's log says of one IKE SA"""

    def __init__(self):
        self.sent, self.received, self.children, self.suite, self.identities, self.gone = [], [], [], None, None, False
        self.asking = True


def accounts(log):
    found = {}
    gone = set()
    for _, _, _, group, sa, text in charonlog.lines(log):
        unique = (sa or "").split("|")[-1]
        account = found.setdefault(unique, Account())
        if m := charonlog.MESSAGE.match(text):
            if not re.match(r"(EF|FRAG)\(", m[5].strip()):
                (account.sent if m[1] == "generating" else account.received).append(list(short_names(m[5])))
                if m[3] == "request" and m[2] in ("IKE_AUTH", "CREATE_CHILD_SA", "QUICK_MODE"):
                    account.asking = m[1] == "generating"
        elif m := CHILD.search(text):
            child = (m[1], m[2], m[3].split(), m[4].split(), account.asking)
            if child[:2] not in [c[:2] for c in account.children]:
                account.children.append(child)
        elif m := SUITE.search(text):
            account.suite = suite(m[1])
        elif m := UP.search(text):
            account.identities = [m[1], m[2]]
        elif m := GONE.search(text):
            gone.add(m[1])
    for unique in gone:
        if unique in found:
            found[unique].gone = True
    return [a for a in found.values() if a.sent or a.received]


def suite(text):
    """AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048"""
    parts = text.split("/")
    name, _, bits = parts[0].rpartition("_")
    made = {"group": GROUPS[parts[-1]]}
    if parts[0] in CIPHERS:
        made["encryption"] = CIPHERS[parts[0]]
    elif name in CIPHERS:
        made |= {"encryption": CIPHERS[name], "key_bits": int(bits)}
    elif m := re.match(r"AES_(GCM|CCM)_(\d+)_(\d+)$", parts[0]):
        made |= {"encryption": f"AES-{m[1]}-{m[2]}", "key_bits": int(m[3])}
    return made


def label(version, exchange, count):
    names = {(1, 2): "MM", (1, 4): "AM", (1, 32): "QM"}
    return f"{names[version, exchange]}{count}" if (version, exchange) in names else None


def messages(group, account, scenario):
    sent, received, counts, listed = iter(account.sent), iter(account.received), {}, []
    mine = scenario.address("a")
    payloads_of = {}
    for m in group:
        again = m.get("retransmission_of")
        payloads = payloads_of.get(again) or next(sent if m["from"] == mine else received)
        payloads_of[m["frame"]] = payloads
        encrypted = "fragments" in m or (bool(m["flags"] & 1) if m["version"] == 1 else m["next"] in (46, 53))
        entry = {"frame": m["frame"], "from": "initiator" if m["from"] == group[0]["from"] else "responder"}
        if m["version"] == 2:
            entry["from"] = "initiator" if m["flags"] & 8 else "responder"
        elif not again:
            turn = counts[m["exchange"], m["mid"]] = counts.get((m["exchange"], m["mid"]), 0) + 1
            if named := label(1, m["exchange"], turn):
                entry["label"] = named
        entry["encrypted"] = encrypted
        if encrypted:
            entry["decrypted"] = True
        entry |= {"payloads": payloads, "retransmission_of": again}
        if "fragments" in m:
            entry["fragments"] = m["fragments"]
        listed.append(entry)
    return listed


def stage(account, scenario):
    if account.gone:
        return "DELETED"
    if scenario.version == 2:
        return "ESTABLISHED"
    return "QM_COMPLETE" if account.children else "P1_COMPLETE"


def entry(group, account, scenario, first, last_frame):
    of_a = group[0]["from"] == scenario.address("a")
    if scenario.version == 2:
        of_a = of_a == bool(group[0]["flags"] & 8)
    ends = [{"address": scenario.address(s)} for s in ("ab" if of_a else "ba")]
    mode = "ikev2" if scenario.version == 2 else "aggressive" if group[0]["exchange"] == 4 else "main"
    sa = {"version": scenario.version, "initiator": ends[0], "responder": ends[1], "initiator_spi": group[0]["spi"], "mode": mode,
          "last_frame": last_frame}
    if first:
        sa |= {"first_frame": group[0]["frame"], "rekey_of": None}
    if account.suite:
        sa["suite"] = account.suite
    if not scenario.errors:
        sa["stage"] = scenario.stage or stage(account, scenario)
        sa["keys"] = {"available": True}
        sa["messages"] = messages(group, account, scenario)
        if first and account.identities:
            sa["identities"] = dict(zip(("initiator", "responder"), account.identities))
        if first:
            sa["authentication"] = dict(zip(("initiator", "responder"), scenario.authentication))
            if scenario.kinds():
                sa["certificate"] = certificate(scenario)
        sa["children"] = [child(c, scenario) for c in account.children]
    sa["no_errors"] = not scenario.errors
    if first and scenario.include:
        sa["findings_include"] = list(scenario.include)
    if scenario.exclude:
        sa["findings_exclude"] = list(scenario.exclude)
    return sa


def child(found, scenario):
    inbound, outbound, local, remote, asking = found
    spis, ts = (inbound, outbound), (local, remote)
    if not asking:
        spis, ts = spis[::-1], ts[::-1]
    made = {"protocol": "ESP", "initiator_spi": spis[0], "responder_spi": spis[1], "keys": True}
    for name, selectors in zip(("ts_initiator", "ts_responder"), ts):
        if scenario.version == 2 or not any(s.endswith("/32") for s in selectors):  # IKEv1 has an ID type for one address
            made[name] = selectors
    return made


def log_of(folder, side):
    plain = folder / f"{side}.l4.log"
    return plain if plain.exists() else folder / f"{side}.l4.log.gz"


def expectation(folder, scenario):
    capture = folder / f"{folder.name}.pcap"
    groups, last = {}, {}
    for m in ike(capture):
        last[m["spi"]] = m["frame"]
    for m in assembled(capture):
        if m:
            groups.setdefault(m["spi"], []).append(m)
    found = accounts(log_of(folder, "a"))
    sas = [entry(g, a, scenario, i == 0, last[g[0]["spi"]]) for i, (g, a) in enumerate(zip(groups.values(), found))]
    whole = {"format": "ikescope/1", "files": [{"packets": max((n for n, *_ in frames(capture)), default=0), "ike": sum(1 for _ in ike(capture))}]}
    return whole | {"sas": sas}


def keys(folder, scenario):
    """What an analyzer is given: pre-shared keys and every Diffie-Hellman secret that a daemon printed"""
    text = 'format = "ikescope-secrets/1"\n'
    if any("psk" in scenario.auth.get(s, "psk").split("+") for s in "ab"):
        text += f'\n[[psk]]\nname = "lab"\nkey = "{scenario.psk}"\n'
    seen = {}
    for side in "ab":
        if not log_of(folder, side).exists():
            continue
        secrets = charonlog.secrets(log_of(folder, side))
        for name in ("dh", "pfs_dh"):
            value = secrets.get(name, [])
            for one in [value] if isinstance(value, str) else value:
                seen.setdefault(one, []).append(side)
    for value, sides in seen.items():
        text += f'\n[[dh]]\nshared = "{value}"\ncomment = "charon {" and ".join(dict.fromkeys(sides))}, {folder.name}"\n'
    return text + extra_keys(folder, scenario)


def extra_keys(folder, scenario):
    """What IKEv2 needs beside: the key that EAP left, which charon takes as the secret of AUTH, and post-quantum keys"""
    if not log_of(folder, "a").exists():
        return ""
    found = {}
    for _, _, _, label, value in charonlog.dumps(log_of(folder, "a")):
        found.setdefault(label, value)
    text = ""
    if scenario.version == 2 and "eap" in scenario.auth.get("a", "") and "secret" in found:
        text += f'\n[[msk]]\nmsk = "{found["secret"]}"\ncomment = "EAP-MSCHAPv2, charon a"\n'
    if "PPK" in found:
        text += f'\n[[ppk]]\nhex = "{found["PPK"]}"\ncomment = "PPK, charon a"\n'
    return text


def certificate(scenario):
    """Both ends' certificates are of the authority in ca.pem; who authenticates otherwise shows none"""
    shown = [any(kind.split(":")[0] in KEY_KINDS for kind in scenario.auth.get(side, "psk").split("+")) for side in "ab"]
    return {end: {"trusted": True, "why": None} if sent else None for end, sent in zip(("initiator", "responder"), shown)}


def provenance(folder, scenario):
    method = ", ".join(f"{s}: {scenario.auth.get(s, 'psk')}" for s in "ab")
    kernel = ("charon's kernel-libipsec carries the ESP and pretends a NAT, so the exchange moves to port 4500." if scenario.esp_traffic else
              "The kernel has no ESP; charon is told that it took the SAs (`../xfrm-shim.c`). No ESP was sent.")
    certificates = "\nca.pem: the authority of the certificates, made for this recording." if scenario.kinds() else ""
    return f"""# {folder.name}

* Made by: `make-lab.py {folder.name}`: two strongSwan charon 5.9.8 (Debian 12) in two network namespaces, a = {scenario.address("a")}, b = {scenario.address("b")}; a initiates.
* Scenario: IKEv{scenario.version}, {scenario.what}. IKE {scenario.ike}, ESP {scenario.esp}; authentication {method}.
* Done: {"; ".join(scenario.steps)}.
* Licence: Apache-2.0, own lab. All keys are made up.
* {folder.name}.keys: the keys and g^xy as the daemons logged it. *.l4.log: the daemons' logs without start-up and without dumps over 600 bytes.
* {folder.name}.truth.json, {folder.name}.expect.json: from the logs and the scenario (`../make-truth.py`, `../expectations.py`).

{kernel}{certificates}{scenario.note and chr(10) + scenario.note}
"""


def write(folder, scenario):
    name = folder.name
    (folder / f"{name}.keys").write_text(keys(folder, scenario))
    (folder / f"{name}.expect.json").write_text(json.dumps(expectation(folder, scenario), indent=1) + "\n")
    (folder / "PROVENANCE.md").write_text(provenance(folder, scenario))
