"""The table of make-lab.py: what is configured, what is done, what must come of it.

Standard library only.  SPDX-License-Identifier: Apache-2.0
"""
from dataclasses import dataclass, field

KEY_KINDS = {
    "rsa": ("--type", "rsa", "--size", "2048"),
    "ecdsa": ("--type", "ecdsa", "--size", "256"),
    "ecdsa384": ("--type", "ecdsa", "--size", "384"),
    "ecdsa521": ("--type", "ecdsa", "--size", "521"),
    "ed25519": ("--type", "ed25519"),
}
PSK = "lab-psk-2026"
NETWORK = {"a": "10.96.0.0/24", "b": "10.97.0.0/24"}
HOST = {"a": "10.96.0.1", "b": "10.97.0.1"}
UP = ("a --initiate --child net --timeout 20",)
PING = ("ping a 10.97.0.1 2 10.96.0.1",)
DELETE = ("a --terminate --ike lab --timeout 5",)


@dataclass
class Scenario:
    name: str
    what: str
    version: int
    ike: str = "aes128-sha256-modp2048"
    esp: str = "aes128-sha256"
    ike_b: str = ""  # b's proposals where they differ
    esp_b: str = ""
    auth: dict = field(default_factory=dict)  # side -> how it proves itself; psk where nothing stands
    connection: str = ""  # both sides
    connection_a: str = ""
    connection_b: str = ""
    child: str = ""
    secrets: str = ""
    top: dict = field(default_factory=dict)  # pools
    daemon: dict = field(default_factory=dict)  # strongswan.conf of a, b, both
    steps: tuple = UP
    esp_traffic: bool = False
    ipv6: bool = False
    virtual_ip: bool = False
    half_open: bool = False
    drop: dict = field(default_factory=dict)
    retransmit: float = 4.0
    stage: str = ""
    errors: bool = False
    authentication: tuple = ("verified", "verified")
    include: tuple = ()
    exclude: tuple = ("wrong-psk", "no-proposal-chosen", "malformed", "dh-secret-missing", "psk-missing", "key-unusable")
    ca: dict = field(default_factory=dict)  # side -> kind of the authority it trusts, where it is not the peer's
    note: str = ""
    psk: str = PSK

    def kinds(self):
        """Kinds of certificates that are sent"""
        return list(dict.fromkeys(a.split(":")[0] for a in self.auth.values() if a.split(":")[0] in KEY_KINDS))

    def one_log(self):
        """Nothing but an algorithm is new in it: the initiator's log says it all"""
        return not (self.auth or self.errors or self.half_open or self.secrets) and self.steps in (UP, UP + PING)

    def address(self, side):
        last = 1 if side == "a" else 2
        return f"fd77::{last}" if self.ipv6 else f"10.77.0.{last}"

    def identity(self, side):
        return f"{side}.example.net" if self.kinds() else self.address(side)

    def _end(self, side, place, pki, asking):
        """local { } or remote { } blocks for one end; asking: of which side the file is"""
        how = self.auth.get(side, "psk")
        rounds, text = how.split("+"), ""
        for i, one in enumerate(rounds):
            kind, _, scheme = one.partition(":")
            lines = [f"round = {i}"]
            if kind in KEY_KINDS:
                lines.append(f"auth = ike:{scheme}" if scheme and place == "local" else "auth = pubkey")
                lines.append(f"certs = {pki}/{kind}-{side}.pem" if place == "local"
                             else f"cacerts = {pki}/{self.ca.get(asking, kind)}-ca.pem")
                lines.append(f"id = {side}.example.net")
            elif kind == "xauth":
                lines.append("auth = xauth" if place == "local" else "auth = xauth-generic")
                if place == "local":
                    lines.append("xauth_id = alice")
                if i == 0:
                    lines.append(f"id = {side}.example.net")
            elif kind == "eap":
                lines.append("auth = eap-mschapv2")
                lines.append("eap_id = alice" if place == "local" else "eap_id = %any")
                lines.append(f"id = {side}.example.net")
            else:
                lines += ["auth = psk", f"id = {self.identity(side)}"]
            text += f"    {place}-{i} {{ {chr(10).join('      ' + s for s in lines).strip()}\n    }}\n"
        return text

    def configuration(self, side, pki):
        other = "b" if side == "a" else "a"
        ike = self.ike_b if side == "b" and self.ike_b else self.ike
        esp = self.esp_b if side == "b" and self.esp_b else self.esp
        local, remote = NETWORK[side], NETWORK[other]
        if self.virtual_ip:
            local, remote = ("dynamic", NETWORK["b"]) if side == "a" else (NETWORK["b"], "dynamic")
        return f"""connections {{
  lab {{
    version = {self.version}
    local_addrs = {self.address(side)}
    remote_addrs = {self.address(other)}
    proposals = {ike}
    rekey_time = 24h
    rand_time = 0
    mobike = no
    {self.connection}
    {self.connection_a if side == "a" else self.connection_b}
{self._end(side, "local", pki, side)}{self._end(other, "remote", pki, side)}    children {{
      net {{
        local_ts = {local}
        remote_ts = {remote}
        esp_proposals = {esp}
        rekey_time = 1h
        rand_time = 0
        {self.child}
      }}
    }}
  }}
}}
secrets {{
  ike-lab {{ secret = "{PSK}" }}
  xauth-alice {{ id = alice
    secret = "xauth-word" }}
  eap-alice {{ id = alice
    secret = "eap-word" }}
  {self.secrets}
}}
{self.top.get(side, "")}
"""


POOL = {"b": "pools { lab { addrs = 10.99.0.0/28 } }"}
SMALL = {"both": "fragment_size = 576"}
V1, V2 = 1, 2


def v1(name, what, **more):
    return Scenario("v1_" + name, what, V1, **more)


def v2(name, what, **more):
    return Scenario("v2_" + name, what, V2, **more)


def both(how):
    return {"a": how, "b": how}


WEAK = ({"id": "weak-crypto"},)

ALL = [
    # --- signatures and fragments
    v1("rsa_frag", "RSA signatures, certificates in IKE fragments", auth=both("rsa"), daemon=SMALL, connection="fragmentation = force"),
    v1("ecdsa_frag", "ECDSA-256 signatures, certificates in IKE fragments", auth=both("ecdsa"), daemon=SMALL, ike="aes128-sha256-ecp256",
       connection="fragmentation = force"),
    v1("ecdsa384", "ECDSA-384 signatures, no fragments", auth=both("ecdsa384"), ike="aes256-sha384-ecp384", connection="fragmentation = no"),
    v1("rsa_aggressive", "Aggressive Mode with RSA signatures", auth=both("rsa"), connection="aggressive = yes\n fragmentation = no"),
    v1("rsa_ipfrag", "RSA signatures, large certificates in IP fragments", auth=both("rsa"), connection="fragmentation = no\n send_cert = always",
       daemon={"both": ""}),
    v2("rsa", "RSA signatures of RFC 7296, no fragments", auth=both("rsa"), daemon={"both": "signature_authentication = no"},
       connection="fragmentation = no"),
    v2("rsa_frag", "RSA digital signature (RFC 7427), SKF", auth=both("rsa:rsa-sha384"), daemon=SMALL),
    v2("rsa_pss", "RSASSA-PSS digital signature (RFC 7427), SKF", auth=both("rsa:rsa/pss-sha256"), daemon=SMALL),
    v2("ecdsa", "ECDSA-256 of RFC 4754", auth=both("ecdsa"), ike="aes128gcm16-prfsha256-ecp256",
       daemon={"both": "signature_authentication = no"}),
    v2("ecdsa_frag", "ECDSA-384 digital signature (RFC 7427), SKF with GCM", auth=both("ecdsa384"), ike="aes256gcm16-prfsha384-ecp384", daemon=SMALL),
    v2("ecdsa521", "ECDSA-521 digital signature, group 21", auth=both("ecdsa521"), ike="aes256-sha512-ecp521"),
    v2("eddsa_frag", "Ed25519 digital signature (RFC 8420), SKF", auth=both("ed25519"), ike="chacha20poly1305-prfsha256-curve25519", daemon=SMALL),
    v2("rsa_psk", "initiator PSK, responder RSA certificate", auth={"a": "psk", "b": "rsa"}),

    # --- XAUTH, Mode Config, EAP
    v1("xauth_main", "Main Mode, XAUTHInitPreShared, Mode Config", auth={"a": "psk+xauth"}, virtual_ip=True, connection_a="vips = 0.0.0.0",
       connection_b="pools = lab", top=POOL),
    v1("xauth_aggressive", "Aggressive Mode, XAUTHInitPreShared, Mode Config", auth={"a": "psk+xauth"}, virtual_ip=True,
       connection="aggressive = yes", connection_a="vips = 0.0.0.0", connection_b="pools = lab", top=POOL,
       include=({"id": "aggressive-psk-exposed"},)),
    v1("xauth_rsa", "Main Mode, XAUTHInitRSA, Mode Config", auth={"a": "rsa+xauth", "b": "rsa"}, virtual_ip=True, connection_a="vips = 0.0.0.0",
       connection_b="pools = lab", top=POOL),
    v1("hybrid", "Main Mode, HybridInitRSA: only the responder has a certificate", auth={"a": "xauth", "b": "rsa"}, virtual_ip=True,
       connection_a="vips = 0.0.0.0", connection_b="pools = lab", top=POOL),
    v2("eap_mschapv2", "EAP-MSCHAPv2, configuration payloads", auth={"a": "eap", "b": "rsa"}, virtual_ip=True, connection_a="vips = 0.0.0.0",
       connection_b="pools = lab", top=POOL),

    # --- rekeying
    v1("rekey_pfs", "Quick Mode with PFS, rekeyed with PFS, deletes", esp="aes128-sha256-modp2048", esp_traffic=True,
       steps=UP + PING + ("a --rekey --child net", "sleep 1") + PING + DELETE),
    v1("rekey_by_responder", "Quick Mode rekeyed by the responder, other PFS group", esp="aes128-sha1-modp1024", esp_traffic=True,
       steps=UP + ("b --rekey --child net", "sleep 1") + PING),
    v2("rekey_child_pfs", "Child SA rekeyed with PFS, deletes", esp="aes128-sha256-modp2048", esp_traffic=True,
       steps=UP + PING + ("a --rekey --child net", "sleep 1") + PING + DELETE),
    v2("rekey_ike", "IKE SA rekeyed, then its Child SA with PFS, deletes", ike="aes128-sha256-ecp256", esp="aes128gcm16-ecp256", esp_traffic=True,
       steps=UP + PING + ("a --rekey --ike lab", "sleep 1", "a --rekey --child net", "sleep 1") + PING + DELETE),
    v2("rekey_ike_twice", "IKE SA rekeyed by either end, AEAD", ike="aes256gcm16-prfsha384-ecp384", esp="aes256gcm16", esp_traffic=True,
       steps=UP + ("a --rekey --ike lab", "sleep 1", "b --rekey --ike lab", "sleep 1") + DELETE),
    v2("childless", "childless IKE SA, first Child SA in CREATE_CHILD_SA with PFS", esp="aes128-sha256-modp2048", connection="childless = force"),
    v1("dpd", "R-U-THERE and its answers, deletes", connection="dpd_delay = 1s", steps=UP + ("sleep 2.6",) + DELETE),
    v2("dpd", "empty INFORMATIONAL as liveness check, deletes", connection="dpd_delay = 1s", steps=UP + ("sleep 2.6",) + DELETE),

    # --- algorithms of IKE
    v2("chacha", "ChaCha20-Poly1305, Curve25519", ike="chacha20poly1305-prfsha256-curve25519"),
    v2("ccm16", "AES-CCM with 16-octet ICV", ike="aes128ccm16-prfsha256-modp2048"),
    v2("ccm8", "AES-CCM with 8-octet ICV", ike="aes256ccm8-prfsha512-modp3072"),
    v2("ccm12", "AES-CCM with 12-octet ICV", ike="aes192ccm12-prfsha1-modp2048"),
    v2("gcm8", "AES-GCM with 8-octet ICV", ike="aes128gcm8-prfsha256-modp2048"),
    v2("gcm12", "AES-GCM with 12-octet ICV", ike="aes192gcm12-prfsha384-ecp224"),
    v2("ctr", "AES-CTR with HMAC-SHA2-256", ike="aes128ctr-sha256-modp2048"),
    v2("camellia", "Camellia-CBC with HMAC-SHA2-512", ike="camellia256-sha512-modp4096"),
    v2("camellia_ctr", "Camellia-CTR", ike="camellia128ctr-sha256-modp2048"),
    v2("3des", "3DES with HMAC-MD5, group 2", ike="3des-md5-modp1024", include=WEAK),
    v2("xcbc", "AES-XCBC as PRF and integrity", ike="aes128-aesxcbc-prfaesxcbc-modp2048"),
    v2("cmac", "AES-CMAC as PRF and integrity", ike="aes128-aescmac-prfaescmac-ecp256"),
    v2("group24", "group 24 (RFC 5114), AES-192, SHA-384", ike="aes192-sha384-modp2048s256"),
    v2("brainpool", "Brainpool group 28", ike="aes128-sha256-ecp256bp"),
    v2("x448", "Curve448", ike="aes256-sha512-curve448"),
    v1("des", "DES, MD5, group 1", ike="des-md5-modp768", include=WEAK),
    v1("blowfish", "Blowfish-256", ike="blowfish256-sha1-modp1536"),
    v1("cast", "CAST-128", ike="cast128-sha1-modp1536"),
    v1("camellia", "Camellia-256, SHA2-512, group 18", ike="camellia256-sha512-modp8192"),
    v1("aes_sha384", "AES-192, SHA2-384, group 20", ike="aes192-sha384-ecp384"),

    # --- what precedes a good exchange
    v2("cookie", "COOKIE asked for and returned", half_open=True, daemon={"b": "cookie_threshold = 1"}),
    v2("cookie_invalid_ke", "COOKIE and INVALID_KE_PAYLOAD before the exchange goes on", half_open=True, daemon={"b": "cookie_threshold = 1"},
       ike="aes128-sha256-ecp256-modp2048", ike_b="aes128-sha256-modp2048", include=({"id": "invalid-ke", "severity": "note"},)),
    v2("ppk", "post-quantum PSK, required (RFC 8784)", connection="ppk_id = ppk-lab\n ppk_required = yes",
       secrets='ppk-lab { id = ppk-lab\n secret = "post-quantum lab key, 32 octets!" }'),
    v2("ppk_optional", "post-quantum PSK offered, not required: NO_PPK_AUTH is sent, the responder has the PPK and uses it", connection_a="ppk_id = ppk-lab\n ppk_required = no",
       secrets='ppk-lab { id = ppk-lab\n secret = "post-quantum lab key, 32 octets!" }'),
    v1("ipv6", "over IPv6, ESP in UDP", ipv6=True, esp_traffic=True, steps=UP + PING),
    v2("ipv6", "over IPv6, ESP in UDP", ipv6=True, esp_traffic=True, steps=UP + PING),

    # --- ESP, one kind each
    *[v2(f"esp_{name}", f"ESP with {words}", esp=proposal, esp_traffic=True, steps=UP + PING) for name, words, proposal in (
        ("cbc", "AES-CBC-256, HMAC-SHA2-512", "aes256-sha512"),
        ("cbc_sha384", "AES-CBC-192, HMAC-SHA2-384", "aes192-sha384"),
        ("cbc_md5", "AES-CBC-128, HMAC-MD5", "aes128-md5"),
        ("cbc_xcbc", "AES-CBC-128, AES-XCBC", "aes128-aesxcbc"),
        ("cbc_cmac", "AES-CBC-128, AES-CMAC", "aes128-aescmac"),
        ("ctr", "AES-CTR-128, HMAC-SHA1", "aes128ctr-sha1"),
        ("ctr256", "AES-CTR-256, HMAC-SHA2-256", "aes256ctr-sha256"),
        ("gcm16", "AES-GCM-128, 16-octet ICV", "aes128gcm16"),
        ("gcm12", "AES-GCM-192, 12-octet ICV", "aes192gcm12"),
        ("gcm8", "AES-GCM-256, 8-octet ICV", "aes256gcm8"),
        ("ccm16", "AES-CCM-128, 16-octet ICV", "aes128ccm16"),
        ("ccm12", "AES-CCM-192, 12-octet ICV", "aes192ccm12"),
        ("ccm8", "AES-CCM-256, 8-octet ICV", "aes256ccm8"),
        ("chacha", "ChaCha20-Poly1305", "chacha20poly1305"),
        ("3des", "3DES, HMAC-SHA1", "3des-sha1"),
        ("camellia", "Camellia-CBC-256, HMAC-SHA2-256", "camellia256-sha256"),
        ("null", "NULL encryption, HMAC-SHA2-256", "null-sha256"))],
    *[v1(f"esp_{name}", f"ESP with {words}", esp=proposal, esp_traffic=True, steps=UP + PING) for name, words, proposal in (
        ("gcm16", "AES-GCM-256, 16-octet ICV", "aes256gcm16"),
        ("ctr", "AES-CTR-128, HMAC-SHA1", "aes128ctr-sha1"),
        ("3des_md5", "3DES, HMAC-MD5", "3des-md5"),
        ("null", "NULL encryption, HMAC-SHA1", "null-sha1"))],

    # --- what goes wrong
    v2("unknown_ca", "the responder does not know the authority of the initiator", auth={"a": "rsa", "b": "rsa"}, ca={"b": "ecdsa"},
       errors=True, authentication=(), include=({"id": "auth-failed", "severity": "error"},)),
    v2("fragment_lost", "one of the initiator's SKF fragments never arrives", auth=both("rsa"), daemon=SMALL, retransmit=1.0, errors=True,
       drop={"a": "output udp dport 500 @th,192,8 53 @th,320,16 2 drop"}, authentication=(), exclude=()),
    v2("natt_blocked", "port 4500 is filtered", esp_traffic=True, drop={"b": "input udp dport 4500 drop"}, retransmit=1.0, errors=True,
       authentication=(), exclude=(), include=({"id": "nat-t-blocked"},)),
    v1("natt_blocked", "port 4500 is filtered", esp_traffic=True, drop={"b": "input udp dport 4500 drop"}, retransmit=1.0, errors=True,
       authentication=(), exclude=(), include=({"id": "nat-t-blocked"},)),
]
