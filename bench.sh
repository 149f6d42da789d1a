#!/usr/bin/env bash
# Speed, as ratios to peers in the same run: makes its own traffic, runs every command alternately, prints medians.
#   ./bench.sh [PACKETS [RUNS]]      (1000000 packets, 3 runs)
set -euo pipefail
cd "$(dirname "$0")"
. ./packages.sh

packets=${1:-1000000} runs=${2:-3}
install_packages "${build_packages[@]}" tshark tcpdump time
mkdir -p build
cmake --preset release -DIKESCOPE_TESTS=OFF -DIKESCOPE_BENCH=ON -B build/bench >build/bench.log 2>&1
cmake --build build/bench --target ikescope bench_generate bench_libpcap >>build/bench.log 2>&1 || { tail -30 build/bench.log; exit 1; }
ikescope=build/bench/ikescope
twelve='-e frame.number -e frame.time_epoch -e ip.src -e ip.dst -e udp.srcport -e udp.dstport -e isakmp.ispi
        -e isakmp.rspi -e isakmp.exchangetype -e isakmp.flags -e isakmp.messageid -e isakmp.length'

# Once: wall seconds and peak kilobytes of a command, its output thrown away.
measure() { env time -f '%e %M' -o build/bench.time sh -c "exec $1 >/dev/null 2>&1" || true; tail -1 build/bench.time; }
median() { sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }

# compare TITLE OURS PEER_NAME PEER: `runs` times each in turn.
compare() {
    local title=$1 ours=$2 name=$3 peer=$4 i line
    : >build/bench.ours; : >build/bench.peer
    for ((i = 0; i < runs; ++i)); do
        line=$(measure "$ours"); echo "$line" >>build/bench.ours
        line=$(measure "$peer"); echo "$line" >>build/bench.peer
    done
    local a b memory
    a=$(cut -d' ' -f1 build/bench.ours | median); b=$(cut -d' ' -f1 build/bench.peer | median)
    memory=$(cut -d' ' -f2 build/bench.ours | median)
    awk -v t="$title" -v n="$name" -v a="$a" -v b="$b" -v m="$memory" -v p="$packets" 'BEGIN {
        if (a < 0.01) a = 0.01
        printf "%-34s %7.2f s %8.0f k/s %6.1f MB   %-24s %7.2f s   %6.1f x\n", t, a, p / a / 1000, m / 1024, n, b, b / a }'
}

echo "load $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) cores, $packets packets, medians of $runs runs"
for mix in ike1 ike2 mixed; do
    file=build/bench.$mix.pcap
    build/bench/bench_generate "$file" "$packets" "$mix" >/dev/null
    cat "$file" >/dev/null
    echo "== $mix, $(stat -c %s "$file") bytes"
    compare "read"                  "$ikescope read $file"                             "tshark"              "tshark -n -r $file"
    compare "read"                  "$ikescope read $file"                             "tcpdump -nn"         "tcpdump -nn -r $file"
    compare "read -T fields, 12"    "$ikescope read $file -Y isakmp -T fields $(echo $twelve)" "tshark -T fields" "tshark -n -r $file -Y isakmp -T fields $(echo $twelve)"
    compare "read -V"               "$ikescope read $file -V"                          "tshark -V"           "tshark -n -r $file -V"
    compare "read -V"               "$ikescope read $file -V"                          "tcpdump -nn -v"      "tcpdump -nn -v -r $file"
    compare "analyze"               "$ikescope analyze $file"                          "tshark -z io,stat,0" "tshark -n -r $file -q -z io,stat,0"
    compare "read"                  "$ikescope read $file"                             "capinfos"            "capinfos $file"
    compare "read"                  "$ikescope read $file"                             "libpcap loop"        "build/bench/bench_libpcap $file"
    short=build/bench.$mix.short.pcap
    build/bench/bench_generate "$short" $((packets / 10)) "$mix" >/dev/null
    all=$packets packets=$((packets / 10))
    compare "read -T json, a tenth" "$ikescope read $short -T json"                    "tshark -T json"      "tshark -n -r $short -T json"
    packets=$all
done
file=build/bench.hosts.pcap
build/bench/bench_generate "$file" "$packets" ike2 24 >/dev/null 2>&1 || true
echo "== ike2 with clients of 24 random bits"
compare "read, distinct hosts"      "$ikescope read $file"                             "read, few hosts"     "$ikescope read build/bench.ike2.pcap"
compare "analyze, distinct hosts"   "$ikescope analyze $file"                          "analyze, few hosts"  "$ikescope analyze build/bench.ike2.pcap"
rm -f build/bench.*.pcap
tests/bench/psk.sh "$runs"
