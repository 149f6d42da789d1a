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

# Twelve sources at a time: most of the work is what they include. Precompiled headers would be looked at as a whole.
# What passed is not looked at again until something in it, in its headers or in the checks changes.
tidy() {
    local configure=(cmake --preset clang -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DIKESCOPE_TESTS=OFF)
    { "${configure[@]}" -B build/tidy && "${configure[@]}" -B build/tidy-groups -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12
    } >build/tidy.configure.log 2>&1 || { cat build/tidy.configure.log; return 1; }
    echo "== clang-tidy"
    tidy_passed=${XDG_CACHE_HOME:-$HOME/.cache}/ikescope-tidy
    mkdir -p "$tidy_passed"
    export tidy_passed
    export -f compile_as tidy_group tidy_one
    jq -r '.[].file' build/tidy-groups/compile_commands.json | xargs -P "$(nproc)" -I{} bash -c 'tidy_group "$1"' tidy_group {}
}

# compile_as FOLDER SOURCE OPTION...: the source's own compiler call with other options.
compile_as() {
    local command
    command=$(jq -r --arg file "$2" '.[] | select(.file == $file) | .command' "$1/compile_commands.json")
    (cd "$1" && bash -c "${command#*ccache } ${*:3}")
}

# tidy_group SOURCE: one that includes others; they go one by one if two use the same name in unnamed namespaces.
tidy_group() {
    local source failed=0
    if compile_as build/tidy-groups "$1" -fsyntax-only -w 2>/dev/null; then
        tidy_one build/tidy-groups "$1"
    else
        for source in $(sed -n 's/^#include "\(.*\)"$/\1/p' "$1"); do tidy_one build/tidy "$source" || failed=1; done
        return $failed
    fi
}

# tidy_one FOLDER SOURCE
tidy_one() {
    local digest report
    digest=$({ clang-tidy --version; cat .clang-tidy; echo "$2"; compile_as "$1" "$2" -E -C -P -o -; } | sed "s|$PWD||g" | sha256sum)
    digest=${digest%% *}
    [ ! -e "$tidy_passed/$digest" ] || return 0
    if report=$(clang-tidy --quiet -p "$1" --warnings-as-errors='*' --checks=-bugprone-suspicious-include,-clang-diagnostic-shadow "$2" 2>&1); then
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
