#!/bin/sh
# verify.sh FOLDER [ANCHOR…]: verifies an archive of licensewatch. Exit 1: something is wrong.
export LC_ALL=C
[ -d "$1" ] || { echo "usage: verify.sh FOLDER [ANCHOR…]" >&2; exit 2; }
root=$1 && shift
for anchor; do echo "$anchor" | grep -Eqx '[0-9A-Fa-f]{8,64}' || { echo "an anchor is 8 to 64 of the digits 0-9 and a-f, not $anchor" >&2; exit 2; }; done
cd "$root" && work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
R='([0-9]{1,20}|self|fleet(-[0-9]{1,20}-[0-9]{1,20})?)/[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9]{6}Z-[0-9a-f]{6}'
find . ! -type d | sed 's,^\./,,' | sort >"$work/all"
find . -type f -exec sha256sum {} + | sed 's,  \./,  ,' | sort >"$work/have"
sed -nE "s#^($R)/.*#\1#p" "$work/all" | sort -u >"$work/records"
sed -nE "s#^([0-9a-f]{64})  ($R)/manifest\.json\$#\2 \1#p" "$work/have" | sort >"$work/sums"
cut -d' ' -f1 "$work/sums" | sed 's,$,/manifest.json,' >"$work/manifests"
[ -s "$work/sums" ] || { echo "no records; the folder to name is the one that holds the folders of the accounts"; exit 1; }

# a manifest is one line, as jq writes it: all are looked at at once, and one by one only where that is not so
xargs cat <"$work/manifests" >"$work/raw"
if [ "$(wc -l <"$work/raw")" -eq "$(wc -l <"$work/sums")" ] && xargs jq -c . <"$work/manifests" 2>/dev/null | cmp -s - "$work/raw"
then cp "$work/manifests" "$work/good"
else while IFS= read -r m; do jq -c . "$m" 2>/dev/null | cmp -s - "$m" && [ "$(wc -l <"$m")" -eq 1 ] && echo "$m"; done \
  <"$work/manifests" >"$work/good"; fi
[ ! -s "$work/good" ] || xargs jq -r '(input_filename | rtrimstr("/manifest.json")) as $r | ($r | split("/")[0]) as $a |
  "\(.account)/\(.at | gsub("[-T]"; "/") | gsub(":"; ""))-\(.run_id) \(keys_unsorted | join(" ")) \(.format)" as $id |
  if $id != "\($r) format account site run_id at program mode files missing previous 1" then empty else
    "is \($r)", (.files[] | "file \(.sha256)  \($r)/\(.name)"), (.missing[] | "told \($a)/\(.name)"),
    (.previous | "after \($r) " + if . then "\($a)/\(.record) \(.sha256)" else $a end)
  end | gsub("\n"; " ")' <"$work/good" >"$work/facts" 2>/dev/null

{ # what is wrong
  grep -Ev -e "^$R/" -e '^(probe|\.tmp-[^/]*)$' "$work/all" | sed 's/$/: added/'
  find . -type l | sed 's,^\./,,; s/$/: added/'
  find . -name manifest.json -size +2048 | sed 's,^\./,,; s/$/: changed, larger than 1 MiB/'
  sed -n 's/^is //p' "$work/facts" | sort >"$work/is"
  cut -d' ' -f1 "$work/sums" | comm -23 - "$work/is" | sed 's,$,/manifest.json: changed,'
  { sed -n 's/^file //p' "$work/facts"; awk '{ print $2 "  " $1 "/manifest.json" }' "$work/sums"; } | sort >"$work/want"
  cut -d' ' -f1 "$work/sums" | comm -13 - "$work/records" >"$work/open" # of killed runs: told of, or "not sealed" below
  grep -Ev '^.{64}  (probe|\.tmp-[^/]*)$' "$work/have" | awk -v file="$work/open" '
    BEGIN { while ((getline folder <file) > 0) open[folder] }
    { split(substr($0, 67), p, "/") } !((p[1] "/" p[2] "/" p[3] "/" p[4] "/" p[5]) in open)' |
    comm -3 "$work/want" - | sed 's/^.*  //; s/$/: changed, missing or added/' | sort -u
  awk 'NR == FNR { sum[$1] = $2; next }
    seen[$3]++ { print $2 ": forked, two records follow " $3 }
    NF > 3 && (sum[$3] != $4 || $3 >= $2) { print $3 ": changed, missing or out of order" }' "$work/sums" - <<A
$(grep '^after ' "$work/facts")
A
  sed -n 's/^told //p' "$work/facts" | sort -u | cat - "$work/is" >"$work/told"
  cut -d' ' -f1 "$work/sums" | cat - "$work/told" | sort -u | comm -13 - "$work/records" | sed 's/$/: not sealed/'
  grep -E '^fleet[^/]*/.{25}/accounts\.json$' "$work/all" >"$work/fleet" && xargs jq -r '.accounts[] | select(.record != "") |
    "\(.account)/\(.record) \(.sha256)"' <"$work/fleet" 2>/dev/null | sort -u | comm -23 - "$work/sums" |
    sed 's/ .*/: changed or missing, a record of the fleet names it/'
  for anchor; do grep -qi " $anchor" "$work/sums" || echo "no record has the hash $anchor"; done
} | tee "$work/wrong"
[ ! -s "$work/wrong" ] && echo "$(wc -l <"$work/sums") records are as they were sealed"
