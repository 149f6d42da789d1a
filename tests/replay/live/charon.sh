#!/bin/bash
# Our IKE peer against strongSwan's charon, in two network namespaces of its own:  charon.sh PROGRAM
# Main, Aggressive and Quick Mode and IKEv2, each end as initiator once; charon must say ESTABLISHED and INSTALLED.
# Exit status 77: cannot run here, with the reason.
set -u
program=$1
skip() { echo "skipped: $*"; exit 77; }
[ "$(id -u)" = 0 ] || skip "network namespaces need root"
charon=/usr/lib/ipsec/charon
[ -x $charon ] && command -v swanctl >/dev/null || skip "strongSwan is not installed: apt-get install strongswan-charon strongswan-swanctl libcharon-extra-plugins"
[ -e /usr/lib/ipsec/plugins/libstrongswan-kernel-libipsec.so ] || skip "charon's kernel-libipsec is not installed: apt-get install libcharon-extra-plugins"
[ -c /dev/net/tun ] || skip "there is no /dev/net/tun"
command -v ip >/dev/null || skip "iproute2 is not installed"

work=$(mktemp -d /tmp/replay-live.XXXXXX)
ours=ikescope-peer-$$ theirs=ikescope-charon-$$ daemon=
clean_up() {
    [ -z "$daemon" ] || { kill "$daemon" 2>/dev/null; wait "$daemon" 2>/dev/null; }
    ip netns del $ours 2>/dev/null
    ip netns del $theirs 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

ip netns add $ours && ip netns add $theirs || skip "network namespaces cannot be made"
ip link add e0 netns $ours type veth peer name e0 netns $theirs || skip "virtual Ethernet cannot be made"
ip -n $ours addr add 10.97.0.1/24 dev e0
ip -n $theirs addr add 10.97.0.2/24 dev e0
ip -n $theirs addr add 10.96.2.1/24 dev lo
for ns in $ours $theirs; do ip -n $ns link set lo up; ip -n $ns link set e0 up; done

mkdir "$work/run"
cat >"$work/strongswan.conf" <<CONF
charon {
  load_modular = no
  load = random nonce drbg aes sha1 sha2 hmac kdf gmp openssl kernel-libipsec kernel-netlink socket-default vici updown
  i_dont_care_about_security_and_use_aggressive_mode_psk = yes
  retransmit_timeout = 1.0
  filelog { log { path = $work/charon.log
                  default = 1
                  flush_line = yes
                  ike = 2 } }
}
CONF
# connection NAME VERSION AGGRESSIVE IKE ESP
connection() {
    cat <<CONF
  $1 { version = $2
    aggressive = $3
    proposals = $4
    local_addrs = 10.97.0.2
    remote_addrs = 10.97.0.1
    local { auth = psk
      id = 10.97.0.2 }
    remote { auth = psk
      id = 10.97.0.1 }
    children { $1 { esp_proposals = $5
      local_ts = 10.96.2.0/24
      remote_ts = 10.96.1.0/24 } } }
CONF
}
{
    echo "connections {"
    connection main 1 no aes256-sha256-modp2048 aes128-sha256-modp2048
    connection aggressive 1 yes aes256-sha256-modp2048 aes128-sha256-modp2048
    connection ikev2 2 no aes256-sha256-ecp256 aes128-sha256-ecp256
    echo "}"
    echo "secrets { ike { secret = live-test-key } }"
} >"$work/swanctl.conf"

ip netns exec $theirs unshare -m sh -c "mount --make-rprivate / && mount --bind $work/run /run && exec env STRONGSWAN_CONF=$work/strongswan.conf $charon --use-syslog no" \
    >"$work/out" 2>&1 &
daemon=$!
control() { timeout 10 swanctl "$@" --uri "unix://$work/run/charon.vici" 2>&1; }
for _ in $(seq 50); do [ -S "$work/run/charon.vici" ] && break; sleep 0.1; done
[ -S "$work/run/charon.vici" ] || { cat "$work/out"; skip "charon does not start"; }
control --load-all --file "$work/swanctl.conf" >/dev/null

is_up() { grep -q ESTABLISHED <<<"$1" && grep -q INSTALLED <<<"$1"; }

failed=0
# judge MODE ROLE CONNECTION
judge() {
    local mode=$1 role=$2 name=$3 said
    mkfifo "$work/end"
    ip netns exec $ours timeout 20 "$program" "$mode" "$role" 10.97.0.1 10.97.0.2 <"$work/end" >"$work/peer.out" 2>&1 &
    local peer=$!
    exec 3>"$work/end"
    [ "$role" = responder ] && { sleep 0.2; control --initiate --child "$name" --timeout 8 >"$work/initiate.out"; }
    [ "$role$mode" = responderikev2-rekey ] && { sleep 0.2; control --rekey --ike "$name" >"$work/rekey.out"; }
    for _ in $(seq 150); do grep -q "through the ESP SA\|failed" "$work/peer.out" && break; sleep 0.1; done
    # Asked until it tells: on a busy machine swanctl now and then prints an empty list while the SA stands.
    for _ in $(seq 20); do said=$(control --list-sas); is_up "$said" && break; sleep 0.2; done
    echo >&3
    exec 3>&-
    wait $peer
    local status=$?
    rm "$work/end"
    if [ $status = 0 ] && is_up "$said"; then
        echo "ok      $mode, we are $role: charon says ESTABLISHED, INSTALLED; $(tail -1 "$work/peer.out")"
    else
        echo "FAILED  $mode, we are $role (status $status)"; cat "$work/peer.out"; echo "$said"; tail -30 "$work/charon.log"
        failed=1
    fi
    control --terminate --ike "$name" --force >/dev/null
}
judge main initiator main
judge main responder main
judge aggressive initiator aggressive
judge aggressive responder aggressive
judge ikev2 initiator ikev2
judge ikev2 responder ikev2
judge ikev2-child initiator ikev2
judge ikev2-rekey initiator ikev2
judge ikev2-rekey responder ikev2
rekeyed=$(grep -c "IKE_SA ikev2.* rekeyed between" "$work/charon.log")
[ "$rekeyed" = 2 ] || { echo "FAILED  charon has seen $rekeyed IKE SAs rekeyed, not 2"; failed=1; }
exit $failed
