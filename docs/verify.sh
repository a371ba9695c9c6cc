#!/bin/sh
# verify.sh FOLDER [ANCHOR…]: verifies an archive of licensewatch. Exit 1: something is wrong.
export LC_ALL=C
[ -d "$1" ] || { echo "usage: verify.sh FOLDER [ANCHOR…]; FOLDER holds the folders of the accounts" >&2; exit 2; }
root=$1 && shift && cd "$root" && work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
for list in all records sums told followed unsealed wrong; do : >"$work/$list"; done
bad() { echo "$1" | tee -a "$work/wrong"; }
R='[0-9]\{4\}/[0-9][0-9]/[0-9][0-9]/[0-9]\{6\}Z-[0-9a-f]\{6\}'

find . ! -type d | sed 's,^\./,,' | sort >"$work/all"
grep -v -e "^[^/]*/$R/" -e '^probe$' "$work/all" | while IFS= read -r file; do bad "$file: added"; done
sed -n "s,^\([^/]*/$R\)/.*,\1,p" "$work/all" | sort -u >"$work/records"

while IFS= read -r record; do
  m=$record/manifest.json account=${record%%/*}
  if [ ! -f "$m" ]; then echo "$record" >>"$work/unsealed"; continue; fi
  [ "$(wc -c <"$m")" -le 1048576 ] || { bad "$m: changed"; continue; }
  echo "$record $(sha256sum <"$m" | cut -c1-64)" >>"$work/sums"
  jq -r --arg a "$account" '
    "id \(.account)/\(.at | gsub("[-T]"; "/") | gsub(":"; ""))-\(.run_id) \(keys_unsorted | join(" ")) \(.format)",
    (.files[] | "file \(.sha256)  \(.name)"), (.missing[] | "told \($a)/\(.name)"),
    (.previous | if . then "before \($a)/\(.record) \(.sha256)" else "before \($a)" end)' "$m" >"$work/m" 2>/dev/null
  if [ -L "$m" ] || ! jq -c . "$m" 2>/dev/null | cmp -s - "$m" || [ "$(head -n 1 "$work/m")" != \
    "id $record format account site run_id at program mode files missing previous 1" ]; then bad "$m: changed"; continue; fi
  sed -n 's/^file //p' "$work/m" | sort >"$work/want"
  (cd "$record" && find . -type f ! -path ./manifest.json -exec sha256sum {} +) | sed 's,  \./,  ,' | sort >"$work/have"
  comm -3 "$work/want" "$work/have" | sed 's/^.*  //' | sort -u | while IFS= read -r file; do
    bad "$record/$file: changed, missing or added"
  done
  find "$record" -type l | while IFS= read -r link; do bad "$link: added"; done
  sed -n 's/^told //p' "$work/m" >>"$work/told"
  before=$(tail -n 1 "$work/m" | cut -c8-)
  ! grep -qxF "${before% *}" "$work/followed" || bad "$record: forked, two records follow ${before% *}"
  echo "${before% *}" >>"$work/followed"
  [ "$before" = "$account" ] || grep -qxF "$before" "$work/sums" || bad "${before% *}: changed, missing or out of order"
done <"$work/records"

while IFS= read -r record; do grep -qxF "$record" "$work/told" || bad "$record: not sealed"; done <"$work/unsealed"
for anchor; do grep -q " $anchor" "$work/sums" || bad "no record has the hash $anchor"; done
[ -s "$work/sums" ] || bad "no records; the folder to name is the one that holds the folders of the accounts"
[ ! -s "$work/wrong" ] && echo "$(wc -l <"$work/sums") records are as they were sealed"
