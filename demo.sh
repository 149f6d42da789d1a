#!/usr/bin/env bash
# From nothing to a verdict: installs what is missing, builds, and asks why the tunnel of pcaps/seed-s2 fails.
set -euo pipefail
cd "$(dirname "$0")"
. ./packages.sh

install_packages "${build_packages[@]}"
mkdir -p build
echo "building ikescope (a few minutes the first time)"
cmake --preset release -DIKESCOPE_TESTS=OFF -B build/demo >build/demo.log 2>&1 &&
    cmake --build build/demo --target ikescope >>build/demo.log 2>&1 || { tail -40 build/demo.log; exit 1; }

case=pcaps/seed-s2
chmod 600 $case/seed-s2.keys $case/R?.cfg # ikescope warns of secrets that others can read
echo
echo "\$ ikescope analyze $case/seed-s2.pcap --config $case/R1.cfg --config $case/R2.cfg --secrets $case/seed-s2.keys"
echo
build/demo/ikescope analyze $case/seed-s2.pcap --config $case/R1.cfg --config $case/R2.cfg --secrets $case/seed-s2.keys
