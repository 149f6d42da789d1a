#!/usr/bin/env bash
# Speed and memory, as ratios to peers in the same run: makes its own traffic, runs ours and the peer in turn, prints medians.
#   ./bench.sh [PACKETS [RUNS [SECTION...]]]      (1000000 packets, 5 runs, all sections)
# What is compared is processor time (user and system), which other load on the machine disturbs less than wall time;
# all commands here use one core. docs/performance.md has the goals and results.
set -euo pipefail
cd "$(dirname "$0")"
. ./packages.sh

packets=${1:-1000000} runs=${2:-5}
all_sections=(list fields json details analyze bare hosts linear memory gzip psk)
sections=("${@:3}")
[ ${#sections[@]} -gt 0 ] || sections=("${all_sections[@]}")
for section in "${sections[@]}"; do
    [[ " ${all_sections[*]} " == *" $section "* ]] || { echo "there is no section $section: ${all_sections[*]}" >&2; exit 1; }
done

work=build/bench
ikescope=$work/ikescope
twelve='-e frame.number -e frame.time_epoch -e ip.src -e ip.dst -e udp.srcport -e udp.dstport -e isakmp.ispi -e isakmp.rspi -e isakmp.exchangetype -e isakmp.flags -e isakmp.messageid -e isakmp.length'

build() {
    install_packages "${build_packages[@]}" tshark tcpdump time
    mkdir -p $work
    cmake --preset release -DIKESCOPE_TESTS=OFF -DIKESCOPE_GUI=OFF -DIKESCOPE_BENCH=ON -B $work >$work/build.log 2>&1 &&
        cmake --build $work --target ikescope bench_generate bench_libpcap >>$work/build.log 2>&1 ||
        { tail -30 $work/build.log; exit 1; }
}

# traffic MIX PACKETS [CLIENT-BITS]: the name of such a capture, which is made when it is not there yet.
traffic() {
    local file=$work/$1.$2${3:+.$3}.pcap
    [ -f "$file" ] || $work/bench_generate "$file" "$2" "$1" ${3:-} >&2
    cat "$file" >/dev/null # into the page cache
    echo "$file"
}
clean() { rm -f $work/*.pcap $work/*.pcap.gz $work/*.times; }

# Once: "seconds kilobytes" of a command, its output thrown away.
measure() {
    env time -f '%U %S %M' -o $work/time sh -c "exec $1 >/dev/null 2>$work/errors" || true
    tail -1 $work/time | awk '{print $1 + $2, $3}'
}
# column NUMBER FILE: its median.
median() { cut -d' ' -f"$1" "$2" | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# compare TITLE COUNT OURS PEER-NAME PEER GOAL: in turn, as often as wanted. GOAL 0: none.
compare() {
    local i
    : >$work/ours.times; : >$work/peer.times
    for ((i = 0; i < runs; ++i)); do
        measure "$3" >>$work/ours.times
        measure "$5" >>$work/peer.times
    done
    awk -v title="$1" -v count="$2" -v peer="$4" -v goal="$6" -v a="$(median 1 $work/ours.times)" -v memory="$(median 2 $work/ours.times)" \
        -v b="$(median 1 $work/peer.times)" -v theirs="$(median 2 $work/peer.times)" 'BEGIN {
        if (a < 0.01) a = 0.01
        printf "%-30s %8.2f s %7.0f k/s %7.1f MB   %-20s %8.2f s %7.1f MB   %6.2f x", title, a, count / a / 1000, memory / 1024, peer, b, theirs / 1024, b / a
        if (goal > 0) printf "   %s %s", (b / a >= goal ? "reached" : "missed "), goal
        print "" }'
}

# each_mix FUNCTION [PACKETS]: with the mix and its capture.
each_mix() {
    local mix
    for mix in ike1 ike2 mixed; do "$1" $mix "$(traffic $mix "${2:-$packets}")"; done
}

list() {
    compare "$1 read" "$packets" "$ikescope read $2" "tshark" "tshark -n -r $2" 15
    # Its address cache makes tcpdump need minutes for the many hosts of `mixed` (section hosts).
    [ "$1" = mixed ] || compare "$1 read" "$packets" "$ikescope read $2" "tcpdump -nn" "tcpdump -nn -r $2" 12
}
fields() {
    compare "$1 read -T fields, 12" "$packets" "$ikescope read $2 -Y isakmp -T fields $twelve" "tshark -T fields" "tshark -n -r $2 -Y isakmp -T fields $twelve" 50
}
json() { compare "$1 read -T json, a tenth" $((packets / 10)) "$ikescope read $2 -T json" "tshark -T json" "tshark -n -r $2 -T json" 60; }
details() {
    compare "$1 read -V" "$packets" "$ikescope read $2 -V" "tshark -V" "tshark -n -r $2 -V" 20
    [ "$1" = mixed ] || compare "$1 read -V" "$packets" "$ikescope read $2 -V" "tcpdump -nn -v" "tcpdump -nn -v -r $2" 6
}
analyze() { compare "$1 analyze" "$packets" "$ikescope analyze $2" "tshark -z io,stat,0" "tshark -n -r $2 -q -z io,stat,0" 10; }
bare() {
    compare "$1 read" "$packets" "$ikescope read $2" "capinfos" "capinfos $2" 0
    compare "$1 read" "$packets" "$ikescope read $2" "libpcap loop" "$work/bench_libpcap $2" 0
}

section_list() { each_mix list; }
section_fields() { each_mix fields; }
section_json() { each_mix json $((packets / 10)); }
section_details() { each_mix details; }
section_analyze() { each_mix analyze; }
section_bare() { each_mix bare; }
# A host for every SA against 4096 hosts: at most 1.5 times the cost per packet, so a ratio of at least 0.67.
section_hosts() {
    local many few
    many=$(traffic ike2 "$packets" 24) few=$(traffic ike2 "$packets")
    compare "distinct hosts: read" "$packets" "$ikescope read $many" "4096 hosts" "$ikescope read $few" 0.67
    compare "distinct hosts: analyze" "$packets" "$ikescope analyze $many" "4096 hosts" "$ikescope analyze $few" 0.67
    compare "distinct hosts, a tenth" $((packets / 10)) "$ikescope read $(traffic ike2 $((packets / 10)) 24)" "tcpdump -nn" "tcpdump -nn -r $(traffic ike2 $((packets / 10)) 24)" 0
}
# Four times the packets may take four times as long, and a fifth more for luck.
section_linear() {
    local command long short
    long=$(traffic ike1 $((4 * packets))) short=$(traffic ike1 "$packets")
    for command in read analyze; do
        compare "4 times as many: $command" $((4 * packets)) "$ikescope $command $long" "as many" "$ikescope $command $short" 0.208
    done
}
# Peak memory at four times the packets. Goals: read 64 MB; analyze 64 MB and 1 kB per SA.
section_memory() {
    local mix file sas
    for mix in ike1 ike2; do
        file=$(traffic $mix $((4 * packets)))
        sas=$($ikescope analyze "$file" | tail -1 | cut -d' ' -f1)
        measure "$ikescope read $file" | awk -v t="$mix read, 4 times" '{printf "%-30s %7.1f MB   %s 64\n", t, $2 / 1024, ($2 / 1024 <= 64 ? "reached" : "missed ")}'
        measure "$ikescope analyze $file" | awk -v t="$mix analyze, 4 times" -v sas="$sas" '{
            printf "%-30s %7.1f MB, %d SAs, %.0f B each   %s %.0f\n", t, $2 / 1024, sas, $2 * 1024 / sas, ($2 <= 64 * 1024 + sas ? "reached" : "missed "), 64 + sas / 1024}'
    done
}
section_gzip() {
    local file
    file=$(traffic ike1 "$packets")
    gzip -1 -c "$file" >"$file.gz"
    compare "gzip: read" "$packets" "$ikescope read $file.gz" "plain" "$ikescope read $file" 0
    compare "gzip: read" "$packets" "$ikescope read $file.gz" "tshark" "tshark -n -r $file.gz" 15
}

# Candidate keys: against psk-crack, hashcat and loops over OpenSSL.
section_psk() { tests/bench/psk.sh "$runs"; }

build
trap clean EXIT
echo "load $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) cores, $packets packets, medians of $runs runs, processor time"
for section in "${sections[@]}"; do
    echo "== $section"
    "section_$section"
done
