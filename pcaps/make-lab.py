#!/usr/bin/env python3
"""Records the scenarios of lab/scenarios.py between two real IKE daemons:

    sudo pcaps/make-lab.py [--list] [SCENARIO...]

Debian 12 packages:
  apt-get install --no-install-recommends strongswan-charon strongswan-swanctl strongswan-pki \\
    libstrongswan-standard-plugins libstrongswan-extra-plugins libcharon-extra-plugins \\
    libcharon-extauth-plugins iproute2 iputils-ping ethtool nftables tcpdump python3 gcc libc6-dev

Everything happens in two network namespaces of its own; nothing leaves them. Written per scenario: the capture, both
daemons' logs, what they print (truth), .keys, .expect.json and PROVENANCE.md, and ca.pem where certificates are used.
Without ESP in the kernel, scenarios that send ESP use charon's user-space ESP, the others lab/xfrm-shim.c.
SPDX-License-Identifier: Apache-2.0
"""
import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "lab"))
import charonlog
import expectations
import scenarios

CHARON = "/usr/lib/ipsec/charon"
PLUGINS = ("random nonce drbg aes sha1 sha2 md5 mgf1 hmac cmac xcbc ctr ccm gcm chapoly kdf gmp curve25519 openssl x509 "
           "pem pkcs1 pkcs8 pubkey constraints revocation eap-identity eap-mschapv2 xauth-generic")
LONGEST_DUMP = 600  # bytes, but for secrets; longer ones are signed octets and whole certificates
MAC = {"a": "02:00:0a:4d:00:01", "b": "02:00:0a:4d:00:02"}
TAG = os.getpid()


def run(*command, check=True, timeout=60):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout)
    if check and done.returncode:
        sys.exit(f"make-lab: {' '.join(command)}: {done.stdout}")
    return done.stdout


def namespace(side):
    return f"ikescope-{side}-{TAG}"


class Wire:
    """Two namespaces, one veth between them"""

    def __init__(self):
        for side in "ab":
            run("ip", "netns", "add", namespace(side))
        run("ip", "link", "add", "e0", "netns", namespace("a"), "address", MAC["a"], "type", "veth",
            "peer", "name", "e0", "netns", namespace("b"), "address", MAC["b"])
        for side, last in (("a", 1), ("b", 2)):
            ip = ("ip", "-n", namespace(side))
            run(*ip, "addr", "add", f"10.77.0.{last}/24", "dev", "e0")
            run(*ip, "-6", "addr", "add", f"fd77::{last}/64", "dev", "e0", "nodad")
            run(*ip, "addr", "add", f"10.9{5 + last}.0.1/24", "dev", "lo")
            run(*ip, "link", "set", "lo", "up")
            run(*ip, "link", "set", "e0", "up")
            # veth leaves UDP checksums to a card that does not exist: compute them
            run("ip", "netns", "exec", namespace(side), "ethtool", "-K", "e0", "tx", "off", "gso", "off", "tso", "off")
        time.sleep(2)

    def filter(self, rules):
        """nft rules per side, as {"a": "input udp dport 4500 drop"}"""
        for side, rule in rules.items():
            hook, text = rule.split(" ", 1)
            run("ip", "netns", "exec", namespace(side), "nft",
                f"table inet lab {{ chain c {{ type filter hook {hook} priority 0; {text}; }}; }}")

    def unfilter(self):
        for side in "ab":
            run("ip", "netns", "exec", namespace(side), "nft", "flush", "ruleset", check=False)
            run("ip", "netns", "exec", namespace(side), "ip", "xfrm", "policy", "flush", check=False)

    def close(self):
        for side in "ab":
            run("ip", "netns", "del", namespace(side), check=False)


class Daemon:
    def __init__(self, work, side, scenario, shim):
        self.side, self.dir = side, work / side
        shutil.rmtree(self.dir, ignore_errors=True)
        for folder in ("run", "private"):
            (self.dir / folder).mkdir(parents=True)
        for kind in scenario.kinds():
            shutil.copy(work / "pki" / f"{kind}-{side}.key", self.dir / "private")
        kernel = "kernel-libipsec kernel-netlink" if scenario.esp_traffic else "kernel-netlink"
        (self.dir / "strongswan.conf").write_text(f"""charon {{
  load_modular = no
  load = {PLUGINS} {kernel} socket-default vici updown
  install_virtual_ip = {"yes" if scenario.esp_traffic else "no"}
  install_routes = {"yes" if scenario.esp_traffic else "no"}
  i_dont_care_about_security_and_use_aggressive_mode_psk = yes
  retransmit_timeout = {scenario.retransmit}
  retransmit_base = 1.0
  retransmit_tries = 3
  {scenario.daemon.get(side, "")}
  {scenario.daemon.get("both", "")}
  filelog {{ l4 {{ path = {self.dir}/l4.log
    default = 1
    ike = 4
    chd = 4
    ike_name = yes
    flush_line = yes
    time_format = %b %e %T }} }}
}}
swanctl {{ load = random openssl pem x509 pkcs1 pkcs8 pubkey }}
""")
        (self.dir / "swanctl.conf").write_text(scenario.configuration(side, work / "pki"))
        # the shim stands in for a kernel that has ESP
        preload = str(shim) if shim and not scenario.esp_traffic else ""
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", namespace(side), "unshare", "-m", "sh", "-c",
             f"mount --make-rprivate / && mount --bind {self.dir}/run /run && "
             f"STRONGSWAN_CONF={self.dir}/strongswan.conf LD_PRELOAD={preload} exec {CHARON} --use-syslog no"],
            stdout=open(self.dir / "stdout", "w"), stderr=subprocess.STDOUT)
        for _ in range(100):
            if (self.dir / "run/charon.vici").exists():
                break
            time.sleep(0.1)
        else:
            sys.exit(f"make-lab: charon {side} does not start: {(self.dir / 'stdout').read_text()}")
        self.control("--load-all", "--file", str(self.dir / "swanctl.conf"), check=True)

    def control(self, *arguments, check=False):
        return run("nsenter", "-t", str(self.process.pid), "-m", "-n", "env", f"SWANCTL_DIR={self.dir}", "swanctl", *arguments,
                   "--uri", "unix:///run/charon.vici", check=check)

    def kill(self):
        # killed, so that no log ends with deletes that the capture does not have
        self.process.kill()
        self.process.wait()

    def log(self):
        return self.dir / "l4.log"


def certificates(pki):
    """One authority and two ends per kind of key"""
    pki.mkdir()

    def make(name, *command):
        done = subprocess.run(["pki", *command, "--outform", "pem"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode:
            sys.exit(f"make-lab: pki {' '.join(command)}: {done.stderr.decode()}")
        (pki / name).write_bytes(done.stdout)
    for kind, options in scenarios.KEY_KINDS.items():
        for who in ("ca", "a", "b"):
            make(f"{kind}-{who}.key", "--gen", *options)
        make(f"{kind}-ca.pem", "--self", "--ca", "--in", f"{pki}/{kind}-ca.key", "--lifetime", "7300",
             "--dn", f"O=ikescope lab, CN={kind} authority")
        for who in ("a", "b"):
            make(f"{kind}-{who}.pem", "--issue", "--cacert", f"{pki}/{kind}-ca.pem", "--cakey", f"{pki}/{kind}-ca.key",
                 "--in", f"{pki}/{kind}-{who}.key", "--type", "priv", "--lifetime", "7299",
                 "--dn", f"O=ikescope lab, CN={who}.example.net", "--san", f"{who}.example.net")


def trim(source, target):
    """What concerns the exchange: no start-up, no dump that is longer than LONGEST_DUMP"""
    kept, skipping = [], {}
    for line in source.read_text(errors="replace").splitlines():
        m = charonlog.LINE.match(line)
        if not m or not m["sa"]:
            continue
        head, row = charonlog.HEAD.match(m["text"]), charonlog.ROW.match(m["text"] + " ")
        if head:
            skipping[m["thread"]] = int(head["size"]) > LONGEST_DUMP and head["label"] not in charonlog.NAMES
        if skipping.get(m["thread"]) and (head or row):
            continue
        kept.append(line)
    text = ("\n".join(kept) + "\n").encode()
    target.with_name(target.name + ".gz").unlink(missing_ok=True)
    target.unlink(missing_ok=True)
    if len(text) > 100_000:
        target.with_name(target.name + ".gz").write_bytes(gzip.compress(text, mtime=0))
    else:
        target.write_bytes(text)


def steps(scenario, a, b):
    for step in scenario.steps:
        verb, *rest = step.split()
        if verb == "ping":
            run("ip", "netns", "exec", namespace(rest[0]), "ping", "-c", rest[2] if len(rest) > 2 else "2", "-i", "0.2",
                "-s", "24", "-W", "2", *(["-I", rest[3]] if len(rest) > 3 else []), rest[1], check=False)
        elif verb == "sleep":
            time.sleep(float(rest[0]))
        else:
            print("   ", (a if verb == "a" else b).control(*rest).strip().splitlines()[-1:])
            time.sleep(0.4)


def record(scenario, work, wire, shim):
    print(f"make-lab: {scenario.name}")
    a, b = (Daemon(work, side, scenario, shim) for side in "ab")
    if scenario.half_open:  # an exchange that b waits for in vain, before the recording
        wire.filter({"a": "input udp sport 500 drop"})
        a.control("--initiate", "--child", "net", "--timeout", "1")
        a.kill()
        wire.unfilter()
        a = Daemon(work, "a", scenario, shim)
        b.log().write_text("")
    wire.filter(scenario.drop)
    capture = work / f"{scenario.name}.pcap"
    said = open(work / "tcpdump.log", "w")
    dump = subprocess.Popen(
        ["ip", "netns", "exec", namespace("a"), "tcpdump", "-i", "e0", "-n", "-s", "0", "-U", "--immediate-mode",
         "-Z", "root", "-w", str(capture), "ip proto 17 or ip6 proto 17 or ip6 proto 44"], stderr=said)
    while "listening" not in (work / "tcpdump.log").read_text():
        time.sleep(0.1)
    steps(scenario, a, b)
    time.sleep(0.5)
    dump.terminate()
    dump.wait()
    a.kill()
    b.kill()
    wire.unfilter()
    store(scenario, work, capture, a, b)


def store(scenario, work, capture, a, b):
    folder = HERE / "lab" / scenario.name
    folder.mkdir(exist_ok=True)
    shutil.copy(capture, folder / capture.name)
    for daemon in (a, b):
        trim(daemon.log(), folder / f"{daemon.side}.l4.log")
    for kind in scenario.kinds():
        shutil.copy(work / "pki" / f"{kind}-ca.pem", folder / "ca.pem")
    run(sys.executable, str(HERE / "lab/make-truth.py"), str(folder))
    expectations.write(folder, scenario)
    if scenario.one_log():
        for path in folder.glob("b.l4.log*"):
            path.unlink()
    for path in folder.iterdir():
        path.chmod(0o644)


def xfrm_shim(work):
    probe = ("ip", "netns", "exec", namespace("a"), "ip", "xfrm", "state")
    out = subprocess.run([*probe, "add", "src", "192.0.2.1", "dst", "192.0.2.2", "proto", "esp", "spi", "0x1000",
                          "mode", "tunnel", "enc", "cbc(aes)", "0x" + "11" * 16, "auth", "hmac(sha256)", "0x00"],
                         capture_output=True)
    if out.returncode == 0:
        run(*probe, "flush")
        return None
    shim = work / "xfrm-shim.so"
    run("cc", "-shared", "-fPIC", "-O2", "-o", str(shim), str(HERE / "lab/xfrm-shim.c"), "-ldl")
    return shim


def main():
    wanted = [a for a in sys.argv[1:] if not a.startswith("-")]
    unknown = set(wanted) - {s.name for s in scenarios.ALL}
    if unknown:
        sys.exit(f"make-lab: no scenario {' '.join(sorted(unknown))}; --list names them")
    if "--list" in sys.argv:
        return print("\n".join(f"{s.name:24} {s.what}" for s in scenarios.ALL))
    if "--expect" in sys.argv:  # only what follows from the logs, again
        for s in scenarios.ALL:
            if (HERE / "lab" / s.name).is_dir() and (not wanted or s.name in wanted):
                expectations.write(HERE / "lab" / s.name, s)
        return None
    if os.geteuid():
        sys.exit("make-lab: network namespaces need root")
    work = Path(tempfile.mkdtemp(prefix="lab."))
    wire = Wire()
    try:
        shim = xfrm_shim(work)
        certificates(work / "pki")
        for s in scenarios.ALL:
            if not wanted or s.name in wanted:
                record(s, work, wire, shim)
    finally:
        wire.close()
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
