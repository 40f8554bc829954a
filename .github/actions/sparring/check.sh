#!/usr/bin/env bash
# One step of the action: sparring check with every report, its exit code and the summary for the job's page.
set -uo pipefail

reports="$RUNNER_TEMP/sparring-reports"
mkdir -p "$reports"
words=()
while IFS= read -r -d '' word; do
    words+=("$word")
done < <("$RUNNER_TEMP/sparring/bin/python" -c '
import shlex, sys
sys.stdout.write("".join(word + "\0" for word in shlex.split(sys.argv[1])))' "$ARGUMENTS")

"$RUNNER_TEMP/sparring/bin/sparring" check \
    --json "$reports/sparring.json" --junit "$reports/sparring.xml" --markdown "$reports/sparring.md" \
    --html "$reports/sparring.html" --sarif "$reports/sparring.sarif" "${words[@]}"
code=$?

{
    echo "exit-code=$code"
    echo "reports=$reports"
} >> "$GITHUB_OUTPUT"
if [ -f "$reports/sparring.md" ]; then
    cat "$reports/sparring.md" >> "$GITHUB_STEP_SUMMARY"
fi
exit "$code"
