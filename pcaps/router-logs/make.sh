#!/bin/bash
# Writes the captures and logs of this folder with `ikescope simulate`: make.sh [PATH-OF-IKESCOPE]. The seeds are fixed, so
# the bytes are always the same. SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")"
ikescope=${1:-../../build/dev/ikescope}
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT
scenarios=../../tests/data/ios/scenarios

# IKEv1: the capture is scenario S2, which fails behind MM5. The log is that of R1 with one keyring for the peer, where the
# same exchange comes up.
mkdir -p ikev1
cp ../seed-s2/R1.cfg ../seed-s2/R2.cfg ikev1/
"$ikescope" simulate --config ikev1/R1.cfg --config ikev1/R2.cfg --initiator R2 --seed 5 -w ikev1/ikev1.pcapng \
    --secrets-out "$scratch/ikev1.keys"
cp "$scratch/ikev1.keys" ikev1/ikev1.keys
sed -e '/^crypto keyring keyring1/,+1d' -e 's/  keyring keyring1/  keyring keyring2/' ikev1/R1.cfg >"$scratch/R1.cfg"
"$ikescope" simulate --config "R1=$scratch/R1.cfg" --config ikev1/R2.cfg --initiator R2 --seed 5 -w "$scratch/up.pcapng" \
    --log-dir "$scratch"
mv "$scratch/R1.log" ikev1/ikev1.R1.ios.log

# IKEv2: scenario S7 with another key on R2, which refuses R1 in IKE_AUTH. The log says that it comes up; its SPIs are the
# capture's.
mkdir -p ikev2
cp $scenarios/s7-r1.cfg ikev2/R1.cfg
sed 's/pre-shared-key cisco/pre-shared-key other/' $scenarios/s7-r2.cfg >ikev2/R2.cfg
"$ikescope" simulate --config ikev2/R1.cfg --config ikev2/R2.cfg --initiator R1 --seed 5 -w ikev2/ikev2.pcapng \
    --secrets-out "$scratch/ikev2.keys"
cp "$scratch/ikev2.keys" ikev2/ikev2.keys
read -r ours theirs < <("$ikescope" read ikev2/ikev2.pcapng -T fields -e isakmp.ispi -e isakmp.rspi -Y 'frame.number == 2' |
    tr 'a-f\t' 'A-F ')
cat >ikev2/ikev2.R2.ios.log <<LOG
*Jan  1 00:00:00.001: IKEv2:Received Packet [From 192.168.0.1:500/To 192.168.0.2:500/VRF i0:f0]
Initiator SPI : $ours - Responder SPI : 0000000000000000 Message id: 0
IKEv2 IKE_SA_INIT Exchange REQUEST
*Jan  1 00:00:00.001: IKEv2:(SESSION ID = 31,SA ID = 1):Sending Packet [To 192.168.0.1:500/From 192.168.0.2:500/VRF i0:f0]
Initiator SPI : $ours - Responder SPI : $theirs Message id: 0
IKEv2 IKE_SA_INIT Exchange RESPONSE
*Jan  1 00:00:00.003: IKEv2:(SESSION ID = 31,SA ID = 1):Received Packet [From 192.168.0.1:500/To 192.168.0.2:500/VRF i0:f0]
Initiator SPI : $ours - Responder SPI : $theirs Message id: 1
IKEv2 IKE_AUTH Exchange REQUEST
*Jan  1 00:00:00.003: IKEv2:(SESSION ID = 31,SA ID = 1):Searching policy based on peer's identity '192.168.0.1' of type 'IPv4 address'
*Jan  1 00:00:00.003: IKEv2:found matching IKEv2 profile 'profile1'
*Jan  1 00:00:00.003: IKEv2:(SESSION ID = 31,SA ID = 1):Verification of peer's authentication data PASSED
*Jan  1 00:00:00.003: IKEv2:(SESSION ID = 31,SA ID = 1):Session with IKE ID PAIR (192.168.0.1, 192.168.0.2) is UP
LOG
