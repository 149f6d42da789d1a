#!/usr/bin/env bash
# The key search beside psk-crack, hashcat and the obvious loop over OpenSSL, alternately in one run; called by bench.sh.
#   tests/bench/psk.sh [RUNS]     BENCH_HASHCAT=1 installs hashcat with pocl (0.5 GB) where it is not there
# Rates are candidates per second of CPU time on one core, so that a busy machine disturbs less; hashcat's are its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
. ./packages.sh

runs=${1:-3}
work=build/bench/psk
mkdir -p "$work"
install_packages ike-scan time python3
[ -n "${BENCH_HASHCAT:-}" ] && install_packages hashcat pocl-opencl-icd ocl-icd-libopencl1
cmake --build build/bench --target ikescope bench_psk >>build/bench.log 2>&1 || { tail -30 build/bench.log; exit 1; }
ikescope=build/bench/ikescope

median() { sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }
# Seconds of CPU that a command takes, its output thrown away.
cpu() { env time -f '%U %S' -o "$work/time" "$@" >/dev/null 2>&1 || true; tail -1 "$work/time" | awk '{print $1 + $2}'; }

# compare TITLE COUNT OURS -- PEER_NAME PEER_COUNT PEER: medians of million candidates per second, and the ratio.
compare() {
    local title=$1 count=$2 ours=() i
    shift 2
    while [ "$1" != -- ]; do ours+=("$1"); shift; done
    shift
    local name=$1 peer_count=$2
    shift 2
    : >"$work/ours"; : >"$work/peer"
    for ((i = 0; i < runs; ++i)); do
        cpu "${ours[@]}" >>"$work/ours"
        cpu "$@" >>"$work/peer"
    done
    awk -v t="$title" -v n="$name" -v a="$(median <"$work/ours")" -v b="$(median <"$work/peer")" -v c="$count" -v p="$peer_count" \
        'BEGIN { if (a < 0.01) a = 0.01; printf "%-34s %8.2f M/s   %-16s %8.3f M/s   %6.1f x\n", t, c / a / 1e6, n, p / b / 1e6, (c / a) / (p / b) }'
}

# hashcat's own figure for a run of 20 seconds, in million per second, over all cores.
hashcat_rate() {
    hashcat "$@" --potfile-disable --runtime 20 --status --status-timer 5 --machine-readable 2>/dev/null |
        awk '/SPEED/ { for (i = 1; i < NF; ++i) if ($i == "SPEED") rate = $(i + 1) / $(i + 2) / 1000 } END { print rate + 0 }'
}
# Candidates per wall second of ours on all cores, in million.
our_rate() { "$ikescope" psk "$@" --format json 2>/dev/null | awk -F'[:,]' '/"candidates"/ {c = $2} /"seconds"/ {s = $2} END {print c / s / 1e6}'; }

echo "== key search; load $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) cores, medians of $runs runs"
build/bench/bench_psk "$runs"
python3 -c 'for i in range(4_000_000): print("pass%07d" % (i * 7919 % 10_000_000))' >"$work/words"
head -400000 "$work/words" >"$work/few"
for hash in md5 sha1; do
    python3 tests/bench/psk_sample.py $hash 'Zz9!notfound' "$work/$hash"
    engines="avx512 avx2 portable"
    grep -q avx512bw /proc/cpuinfo || engines="avx2 portable"
    for engine in $engines; do
        compare "Aggressive $hash, mask, $engine" 10000000 "$ikescope" psk "$work/$hash.pcap" --mask 'a?d?d?d?d?d?d?d' --jobs 1 --engine $engine \
            -- psk-crack 400000 psk-crack -d "$work/few" "$work/$hash.line"
    done
    compare "Aggressive $hash, words" 4000000 "$ikescope" psk "$work/$hash.pcap" --wordlist "$work/words" --jobs 1 \
        -- psk-crack 400000 psk-crack -d "$work/few" "$work/$hash.line"
done
echo "two threads beside one, wall time:"
for jobs in 1 2; do echo "  $jobs: $(our_rate "$work/sha1.pcap" --mask 'a?d?d?d?d?d?d?d?d' --jobs $jobs) M/s"; done
# beside_hashcat TITLE OURS... -- HASHCAT...: about 20 seconds each, in turns; medians and their ratio.
beside_hashcat() {
    local title=$1 ours=() i
    shift
    while [ "$1" != -- ]; do ours+=("$1"); shift; done
    shift
    : >"$work/ours"; : >"$work/peer"
    for ((i = 0; i < runs; ++i)); do
        our_rate "${ours[@]}" >>"$work/ours"
        hashcat_rate "$@" >>"$work/peer"
    done
    awk -v t="$title" -v a="$(median <"$work/ours")" -v b="$(median <"$work/peer")" \
        'BEGIN { printf "%-34s %8.2f M/s   %-16s %8.3f M/s   %6.2f x\n", t, a, "hashcat", b, a / b }'
}
if command -v hashcat >/dev/null; then
    for hash in md5:5300 sha1:5400; do
        sample=$work/${hash%:*}
        beside_hashcat "${hash%:*}, all cores, mask" "$sample.pcap" -1 abcd --mask '?1?d?d?d?d?d?d?d?d' \
            -- -m "${hash#*:}" -a 3 -O -w 3 "$sample.line" '?l?d?d?d?d?d?d?d?d?d'
        beside_hashcat "${hash%:*}, all cores, words" "$sample.pcap" --wordlist "$work/words" \
            -- -m "${hash#*:}" -a 0 "$sample.line" "$work/words"
    done
else
    echo "hashcat is not installed: BENCH_HASHCAT=1 ./bench.sh compares with it"
fi
rm -f "$work/words" "$work/few"
