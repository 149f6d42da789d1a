# Sourced by demo.sh and test.sh: installs what is missing on Debian 12 and says what it installs.

build_packages=(g++ cmake ninja-build ccache pkg-config scdoc libpcap-dev libssl-dev zlib1g-dev libzstd-dev
                libfmt-dev libpcre2-dev nlohmann-json3-dev libcli11-dev libtomlplusplus-dev)
test_packages=(libgtest-dev tshark tcpdump ike-scan mold)
# A real IKE daemon for replay.live. Not for every machine: its package brings a service that listens on UDP 500.
live_packages=(strongswan-charon strongswan-swanctl libcharon-extra-plugins libstrongswan-standard-plugins iproute2)
all_packages=(clang clang-tidy libclang-rt-14-dev jq)

# install_packages NAME...: only those that are missing, as root or through sudo.
install_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "ikescope needs these packages: ${missing[*]}. Install them as root (there is no sudo here) and start again." >&2
            return 1
        }
        as_root=(sudo)
    fi
    echo "installing from Debian: ${missing[*]}"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null || {
        echo "apt-get could not install: ${missing[*]}. Look at its message above; 'apt-get update' and a working mirror are needed." >&2
        return 1
    }
}
