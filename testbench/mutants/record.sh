#!/bin/sh
# In the place of a design's bench: runs it and keeps what it was run with in $ERN_SESSIONS, for mutants.py.
status=0
"$0.real" "$@" || status=$?
number=$(find "$ERN_SESSIONS" -maxdepth 1 -name "$ERN_SESSION-*" | wc -l)
session=$ERN_SESSIONS/$ERN_SESSION-$number
mkdir -p "$session"
bench=$(sha256sum <"$0.real" | cut -c1-16)
[ -f "$ERN_SESSIONS/benches/$bench" ] || { mkdir -p "$ERN_SESSIONS/benches" && cp "$0.real" "$ERN_SESSIONS/benches/$bench"; }
cp -r . "$session/images"
mkdir -p "$session/build"
cp -r ../build/run-verilator "$session/build/"
cp "$(dirname "$0")/instrumented" "$session/templates"
echo "$bench" >"$session/bench"
echo "$status" >"$session/status"
printf '%s\n' "$@" >"$session/arguments"
exit "$status"
