#!/bin/sh
# In the place of a design's bench: record.sh PROGRAM TEMPLATES BENCH ARGUMENTS... runs PROGRAM ARGUMENTS and keeps what it was run with in
# $ERN_SESSIONS, for mutants.py. TEMPLATES lists those with mutants, if there are any; BENCH is the file with the design in it.
status=0
program=$1 templates=$2 file=$3
shift 3
"$program" "$@" || status=$?
[ -f "$templates" ] || exit "$status"
number=$(find "$ERN_SESSIONS" -maxdepth 1 -name "$ERN_SESSION-*" | wc -l)
session=$ERN_SESSIONS/$ERN_SESSION-$number
mkdir -p "$session"
bench=$(sha256sum <"$file" | cut -c1-16)
[ -f "$ERN_SESSIONS/benches/$bench" ] || { mkdir -p "$ERN_SESSIONS/benches" && cp "$file" "$ERN_SESSIONS/benches/$bench"; }
cp -r . "$session/images"
mkdir -p "$session/build"
cp -r ../build/run-* "$session/build/"
cp "$templates" "$session/templates"
echo "$bench" >"$session/bench"
echo "$status" >"$session/status"
printf '%s\n' "$@" >"$session/arguments"
exit "$status"
