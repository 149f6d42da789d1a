#!/usr/bin/env bash
# Installs what the tests need, builds, runs all tests.
#   ./test.sh          one build with AddressSanitizer and UndefinedBehaviorSanitizer, every test
#   ./test.sh --all    also g++ release, clang, ThreadSanitizer, clang-tidy and a minute of every fuzz target
set -euo pipefail
cd "$(dirname "$0")"
. ./packages.sh

all=no
case "${1:-}" in
    "") ;;
    --all) all=yes ;;
    *) echo "usage: ./test.sh [--all]" >&2; exit 1 ;;
esac

# build_and_test PRESET
build_and_test() {
    echo "== $1: configure, build, test"
    cmake --preset "$1" >"build/$1.configure.log" 2>&1 || { cat "build/$1.configure.log"; return 1; }
    cmake --build --preset "$1"
    ctest --preset "$1" -j "$(nproc)"
}

# Every fuzz target for `seconds`, from its seeds in the repository.
fuzz_smoke() {
    local seconds=$1 target name work
    cmake --preset fuzz >build/fuzz.configure.log 2>&1 || { cat build/fuzz.configure.log; return 1; }
    cmake --build --preset fuzz
    for target in build/fuzz/fuzz_*; do
        name=${target##*/fuzz_}
        work=build/fuzz/corpus/$name
        mkdir -p "$work" "tests/fuzz/corpus/$name"
        echo "== fuzz $name, ${seconds} s"
        "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 -verbosity=0 \
            -artifact_prefix="build/fuzz/$name-" "$work" "tests/fuzz/corpus/$name"
    done
}

# Every source on its own, without precompiled headers: what they bring along would be looked at again and again.
# A source that passed is not looked at again until something in it, in its headers or in the checks changes.
tidy() {
    cmake --preset clang -B build/tidy -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >build/tidy.configure.log 2>&1 ||
        { cat build/tidy.configure.log; return 1; }
    echo "== clang-tidy"
    tidy_passed=${XDG_CACHE_HOME:-$HOME/.cache}/ikescope-tidy
    mkdir -p "$tidy_passed"
    export tidy_passed
    export -f tidy_one
    git ls-files '*.cpp' | grep -Ev '^tests/' | xargs -P "$(nproc)" -I{} bash -c 'tidy_one "$1"' tidy_one {}
}

# tidy_one SOURCE
tidy_one() {
    local command digest report
    command=$(jq -r --arg file "$PWD/$1" '.[] | select(.file == $file) | .command' build/tidy/compile_commands.json)
    digest=$({ clang-tidy --version; cat .clang-tidy; echo "$command"; (cd build/tidy && bash -c "$command -E -C -P -o -"); } |
        sed "s|$PWD||g" | sha256sum)
    digest=${digest%% *}
    [ ! -e "$tidy_passed/$digest" ] || return 0
    if report=$(clang-tidy --quiet -p build/tidy --warnings-as-errors='*' "$1" 2>&1); then
        touch "$tidy_passed/$digest"
    else
        echo "$report"
        return 1
    fi
}

mkdir -p build
install_packages "${build_packages[@]}" "${test_packages[@]}"
if [ $all = yes ] || [ -n "${CI:-}" ]; then install_packages "${live_packages[@]}"; fi
if [ $all = yes ]; then
    install_packages "${all_packages[@]}"
    build_and_test release
    build_and_test clang
    build_and_test tsan
    tidy
    fuzz_smoke "${FUZZ_SECONDS:-60}"
fi
build_and_test asan-ubsan
