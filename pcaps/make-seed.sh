#!/bin/sh
# Records the three scenarios of the Cisco keyring document between two real
# IKE daemons:  sudo pcaps/make-seed.sh [seed-s1] [seed-s2] [seed-s3]
#
# Debian 12 packages:
#   apt-get install --no-install-recommends strongswan-charon strongswan-swanctl \
#     libstrongswan-standard-plugins libstrongswan-extra-plugins \
#     iproute2 ethtool nftables tcpdump python3 gcc libc6-dev
# (gcc is used only if the kernel has no ESP, see lab/xfrm-shim.c.)
#
# Everything happens in two network namespaces of its own; nothing leaves them.
# Written: pcaps/seed-sN/seed-sN.{pcap,keys,truth.json} and the daemons' logs.
# The configurations, expectations and provenance in those folders are written
# by hand and not touched.
# SPDX-License-Identifier: Apache-2.0
set -eu

here=$(cd "$(dirname "$0")" && pwd)
[ "$(id -u)" = 0 ] || { echo "make-seed: network namespaces need root" >&2; exit 1; }
for tool in ip ethtool nft tcpdump swanctl python3 nsenter unshare; do
    command -v $tool >/dev/null || { echo "make-seed: $tool is missing, see the package list in this script" >&2; exit 1; }
done
charon=/usr/lib/ipsec/charon
[ -x $charon ] || { echo "make-seed: $charon is missing" >&2; exit 1; }

work=$(mktemp -d /tmp/lab-seed.XXXXXX)
ns1=ikescope-r1-$$
ns2=ikescope-r2-$$
pids=

stop() { # PID...
    for p in "$@"; do kill "$p" 2>/dev/null || true; done
    for p in "$@"; do wait "$p" 2>/dev/null || true; done
}
clean_up() {
    stop $pids
    ip netns del $ns1 2>/dev/null || true
    ip netns del $ns2 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# --- the wire ---------------------------------------------------------------
ip netns add $ns1
ip netns add $ns2
ip link add e0 netns $ns1 address 02:00:c0:a8:00:01 type veth peer name e0 netns $ns2 address 02:00:c0:a8:00:02
for r in 1 2; do
    ns=ikescope-r$r-$$
    ip -n $ns addr add 192.168.0.$r/24 dev e0
    ip -n $ns link set lo up
    ip -n $ns link set e0 up
    # veth leaves UDP checksums to a card that does not exist: compute them
    ip netns exec $ns ethtool -K e0 tx off >/dev/null
done

shim=
if ! ip netns exec $ns1 ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1000 mode tunnel \
        enc 'cbc(aes)' 0x00112233445566778899aabbccddeeff auth 'hmac(sha256)' 0x00 2>/dev/null; then
    echo "make-seed: this kernel has no ESP, its refusals are hidden from charon"
    cc -shared -fPIC -O2 -o "$work/xfrm-shim.so" "$here/lab/xfrm-shim.c" -ldl
    shim=$work/xfrm-shim.so
else
    ip netns exec $ns1 ip xfrm state flush
fi

# --- the daemons ------------------------------------------------------------
# start N KEY PROFILE: router N, its pre-shared key for the other one
start() {
    n=$1 key=$2 other=$((3 - $1)) dir=$work/R$1
    rm -rf "$dir"; mkdir -p "$dir/run"
    cat >"$dir/strongswan.conf" <<CONF
charon {
  load_modular = no
  load = random nonce drbg aes sha1 sha2 md5 hmac kdf gmp openssl kernel-netlink socket-default vici updown
  install_routes = no
  cisco_unity = yes
  # the intervals of an IOS router: every 10 s, five times
  retransmit_timeout = 10.0
  retransmit_base = 1.0
  retransmit_tries = 5
  # no dead-peer or half-open housekeeping in so short a capture
  half_open_timeout = 300
  filelog {
    l1 { path = $dir/l1.log
         default = 1
         ike_name = yes
         flush_line = yes
         time_format = %b %e %T }
    l4 { path = $dir/l4.log
         default = 1
         ike = 4
         chd = 4
         cfg = 2
         ike_name = yes
         flush_line = yes
         time_format = %b %e %T }
  }
}
swanctl { load = random openssl pem }
CONF
    cat >"$dir/swanctl.conf" <<CONF
connections {
  seed {
    version = 1
    local_addrs = 192.168.0.$n
    remote_addrs = 192.168.0.$other
    proposals = 3des-md5-modp1024
    fragmentation = no
    dpd_delay = 0s
    rekey_time = 24h
    over_time = 0
    rand_time = 0
    local { auth = psk
            id = 192.168.0.$n }
    remote { auth = psk
             id = 192.168.0.$other }
    children {
      gre {
        mode = tunnel
        local_ts = 192.168.0.$n/32[gre]
        remote_ts = 192.168.0.$other/32[gre]
        esp_proposals = aes128-sha256
        life_time = 3600s
        rekey_time = 3600s
        rand_time = 0
        life_bytes = 4718592000
        rekey_bytes = 4718592000
        rand_bytes = 0
      }
    }
  }
}
secrets {
  ike-peer { id = 192.168.0.$other
             secret = "$key" }
}
CONF
    ip netns exec ikescope-r$n-$$ unshare -m sh -c "
        mount --make-rprivate / && mount --bind '$dir/run' /run &&
        STRONGSWAN_CONF='$dir/strongswan.conf' LD_PRELOAD='$shim' exec $charon --use-syslog no" \
        >"$dir/stdout" 2>&1 &
    eval "pid$n=$!"
    pids="$pids $!"
    i=0
    until [ -S "$dir/run/charon.vici" ]; do
        i=$((i + 1)); [ $i -lt 100 ] || { echo "make-seed: charon of R$n does not start:" >&2; cat "$dir/stdout" >&2; exit 1; }
        sleep 0.1
    done
    ctl $n --load-all --file "$dir/swanctl.conf" >"$dir/load" 2>&1 || { cat "$dir/load" >&2; exit 1; }
}
ctl() { # N ARGUMENTS: swanctl in the namespaces of router N
    eval "p=\$pid$1"; shift
    nsenter -t "$p" -m -n swanctl "$@" --uri unix:///run/charon.vici
}

# scenario NAME INITIATOR KEY-OF-R1 KEY-OF-R2
scenario() {
    name=$1 initiator=$2 out=$here/$1
    echo "make-seed: $name (R$initiator initiates)"
    mkdir -p "$out"
    start 1 "$3"
    start 2 "$4"
    mute=
    if [ "$name" != seed-s1 ]; then
        # R1 says nothing that is encrypted (flags octet 19 of the ISAKMP header, bit 0)
        ip netns exec $ns1 nft 'table inet mute { chain output { type filter hook output priority 0;
            udp sport 500 @th,216,8 & 0x1 == 0x1 counter drop; }; }'
        mute=yes
    fi
    ip netns exec ikescope-r$initiator-$$ tcpdump -i e0 -n -s 0 -U --immediate-mode -Z root -w "$work/$name.pcap" \
        'udp port 500 or udp port 4500' 2>"$work/tcpdump.log" &
    dump=$!
    pids="$pids $dump"
    until grep -q listening "$work/tcpdump.log"; do sleep 0.1; done
    ctl $initiator --initiate --child gre --timeout 90 >"$work/R$initiator/initiate" 2>&1 || true
    sleep 1
    stop $dump
    [ -z "$mute" ] || { ip netns exec $ns1 nft list table inet mute | grep counter; ip netns exec $ns1 nft delete table inet mute; }
    # killed, so that neither log ends with deletes that the capture does not have
    kill -9 $pid1 $pid2
    stop $pid1 $pid2
    pids=
    ip netns exec $ns1 ip xfrm policy flush; ip netns exec $ns2 ip xfrm policy flush
    cp "$work/$name.pcap" "$out/$name.pcap"
    for r in 1 2; do
        # only what concerns the exchange: no paths of this machine, no start-up
        grep -E '\[(IKE|ENC|NET|CHD|KNL|CFG)\] <' "$work/R$r/l1.log" >"$out/R$r.l1.log"
        grep -E '\[(IKE|ENC|NET|CHD|KNL|CFG)\] <' "$work/R$r/l4.log" >"$out/R$r.l4.log"
    done
    python3 "$here/lab/make-truth.py" --seed "$out" "$name" R$initiator R$((3 - initiator))
    chmod 644 "$out"/*
}

for s in ${@:-seed-s1 seed-s2 seed-s3}; do
    case $s in
    seed-s1) scenario seed-s1 1 cisco cisco ;;
    seed-s2) scenario seed-s2 2 cisco cisco ;;
    seed-s3) scenario seed-s3 2 cisco1 cisco ;;
    *) echo "make-seed: no scenario $s" >&2; exit 1 ;;
    esac
done
