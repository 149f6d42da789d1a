#!/bin/sh
# Writes the captures of this folder: what two routers with the configurations beside them send each other.
#   simulated/make.sh [IKESCOPE]      always writes the same bytes for the same version of the program
# SPDX-License-Identifier: Apache-2.0
set -eu
ikescope=${1:-ikescope}
cd "$(dirname "$0")"
for name in profile-mismatch no-key-for-peer; do
    rm -f $name/$name.pcapng $name/$name.keys
    "$ikescope" simulate --config $name/R1.cfg --config $name/R2.cfg --initiator R1 -w $name/$name.pcapng --secrets-out $name/$name.keys --seed 9
    chmod 644 $name/$name.pcapng $name/$name.keys
done
