#!/bin/sh
# Checks a debproof report by its evidence, offline, with gpgv, sha256sum, xz, gzip and awk, and no code of debproof's.
#   sh recheck.sh KEYRING [DIR]
#   KEYRING  who may sign the report: a binary OpenPGP keyring, which gpg --dearmor <keys.asc >KEYRING makes
#   DIR      the folder of report.json, report.json.asc and evidence/; if left out, that of this script
# Exit status: 0 AGREED: every verdict follows, and the report says pass. 1 REFUSED: something was changed or does not
# follow; or FAIL: the report says so. 2 wrong usage, or a tool is missing. 3 UNDECIDED: not all could be checked.
# It checks: who signed the report; that the evidence is what was signed with it; of each package called identical, that
# its upstream signed an index with its name, version, architecture and SHA-256; of each called reproduced, that enough
# rebuilders signed its file name and SHA-256; that the build was given this SHA-256; the counts and the verdict.
# It does NOT check, and `debproof recheck` does: that the report has all packages of the package lists and no others;
# keys and thresholds against the policy; exceptions, dates, suites, lists that apt kept, and what else archives list.
# Who is trusted it takes from the report: compare the keys and the policy that it prints with those that you know.
# shellcheck disable=SC2016 # the awk programs are in single quotes, for the shell to leave their $ alone
set -u; export LC_ALL=C; umask 077
usage() { printf '%s\n' "recheck.sh: $1" 'usage: sh recheck.sh KEYRING [DIR]' >&2; exit 2; }
refuse() {
  printf '%s\n' "REFUSED: $1" 'Do not rely on it: get the report and its evidence again, from whoever signed it.' |
    awk '{ gsub(/[^ -~]/, "?"); print }' - "$work/why"; exit 1; } # nothing that a terminal obeys
for tool in gpgv sha256sum xz gzip awk; do command -v "$tool" >/dev/null || usage "$tool is not installed."; done
[ $# -eq 1 ] || [ $# -eq 2 ] || usage 'name the keyring of who may sign the report.'
case $0 in */*) dir=${2:-${0%/*}} ;; *) dir=${2:-.} ;; esac
case $1 in /*) keyring=$1 ;; *) keyring=$PWD/$1 ;; esac # gpgv looks for a bare name in a folder of its own
[ -r "$keyring" ] || usage "$1 cannot be read."
awk '/^-----BEGIN PGP/ { exit 1 }' "$keyring" || usage "$1 is armored: gpg --dearmor <'$1' >keyring.gpg"
{ [ -f "$dir/report.json" ] && cd -- "$dir"; } || usage "there is no report.json in $dir."
case ${TMPDIR:-/tmp} in /*) work=${TMPDIR:-/tmp}/recheck.$$ ;; *) usage 'TMPDIR must be an absolute path.' ;; esac
mkdir "$work" || usage "$work cannot be made."; trap 'rm -rf "$work"' EXIT; trap 'exit 2' HUP INT TERM

# 1. The signature of the report. An attacker would put a bad signature beside a good one, sign a second text, or use a
# weak hash or a key that was revoked or had expired. So asked is not gpgv's exit status but its status lines (GnuPG,
# doc/DETAILS): BADSIG or a second text voids all; hashes before SHA-256 (8), REVKEYSIG, EXPSIG, ERRSIG never count.
verify() { # leaves in "by", for each signature that fits: primary key, when it signed, when the key expired since, or 0
  gpgv --status-fd 3 --keyring "$@" 3>"$work/status" >"$work/why" 2>&1
  awk '$2 == "NEWSIG" { good = ends = 0 } $2 == "KEYEXPIRED" && (!ends || $3 < ends) { ends = $3 + 0 }
    $2 == "GOODSIG" { good = 1; ends = 0 } $2 == "EXPKEYSIG" { good = 1 }
    $2 == "BADSIG" || ($2 == "ERROR" && /plaintext/) || ($2 == "PLAINTEXT" && (texts++ || $3 != "74")) { bad = 1 }
    $2 == "VALIDSIG" && good && $10 >= 8 && $11 ~ /^0[01]$/ && (!ends || $5 < ends) { by[++n] = $12 " " $5 " " ends }
    END { if (!bad) for (i = 1; i <= n; i++) print by[i] }' "$work/status" >"$work/by"; }
: >"$work/why"; [ -f report.json.asc ] || refuse 'nobody signed the report: there is no report.json.asc.'
verify "$keyring" report.json.asc report.json
[ -s "$work/by" ] || refuse 'report.json was changed, or report.json.asc is not by a key of the keyring. gpgv says:'
awk '{ print "signer", $1, $3 }' "$work/by" >"$work/facts"; : >"$work/why" # facts: one a line, for step 5

# 2. JSON, as lines of path, tab, value. An attacker would write what two readers take for two things: a name twice, two
# values on a line, a string that looks like structure. So it must be as JSON.stringify(x, null, 1) writes it: the
# indentation is the depth, a value has a line, and strings are on one line, as their line ends are escaped.
flatten() {
  awk -v start="$2" 'function bad() { failed = 1; exit }
    { match($0, /^ */); at = RLENGTH; rest = substr($0, at + 1); sub(/,$/, "", rest); if (rest ~ /[\001-\037]/) bad() }
    rest == "}" || rest == "]" { if (at != --depth || (rest == "}") != (opened[at + 1] == "{")) bad(); next }
    { if (at != depth || (!at && NR > 1)) bad(); name = count[at]++ }
    opened[at] == "{" { if (!match(rest, /^"[^"\\\/]*": /)) bad()
      name = substr(rest, 2, RLENGTH - 4); rest = substr(rest, RLENGTH + 1) }
    { path[at] = at ? path[at - 1] "/" name : start; if (seen[path[at]]++) bad() }
    rest == "{" || rest == "[" { opened[++depth] = rest; count[depth] = 0; next }
    { bare = rest; gsub(/\\./, "", bare); if (bare !~ /^("[^"]*"|[0-9]+|true|false|null|\{\}|\[\])$/) bad() }
    { if (rest == "null") rest = ""; gsub(/^"|"$/, "", rest); print path[at] "\t" rest }
    END { exit failed || depth }' "$1" >>"$work/flat" 2>/dev/null || refuse "$1 is not as debproof writes it."; }
flatten report.json R

# 3. The evidence. An attacker would change a file, take one away, put one in, or name one elsewhere. But the signed
# report names the SHA-256 of the index, and that (if merged: with those of the parts) all other files; each is called
# by its SHA-256, in hexadecimal, and one that is not named is refused.
values() { awk -F '\t' -v path="^$1\$" '$1 ~ path { print $2 }' "$work/flat"; }
index=$(values R/predicate/bundle/index)
[ -n "$index" ] || refuse 'the report was made without evidence (--evidence none).'
[ "$(sha256sum <evidence/index.json)" = "${index#sha256:}  -" ] || refuse 'evidence/index.json was changed.'
flatten evidence/index.json I; values 'I/parts/[0-9]+' >"$work/parts"
while read -r part; do flatten "evidence/sha256/${part##*/}" I; done <"$work/parts"
{ awk -F '\t' '$1 ~ /^R\/predicate\/evidence\/.*\/kind$/ { split($1, p, "/"); print substr(p[4], 8) }
    $1 ~ /^I\/fetched\/.*\/sha256$/ { hash = $2 }
    $1 ~ /^I\/fetched\/.*\/kept$/ && $2 == "true" { print hash }' "$work/flat"
  values 'I/((inputs|lists|keys)/[0-9]+/sha256|signed/[0-9]+/(text|signature)|parts/[0-9]+|run/system/.*/keyring)'
} | awk '$0 && !seen[$0]++' >"$work/names"
awk 'length($0) != 64 || /[^0-9a-f]/ { exit 1 }' "$work/names" || refuse 'a file is not named by its SHA-256.'
awk '{ print $0 "  evidence/sha256/" $0 }' "$work/names" | sha256sum -c >"$work/checked" 2>/dev/null || {
  awk '!/: OK$/ { sub(/: .*/, ": changed or missing"); print }' "$work/checked" >"$work/why"
  refuse 'files of the evidence were changed or are missing:'; }
cd evidence/sha256 || refuse 'there is no evidence/sha256.'
printf '%s\n' * | awk 'NR == FNR { named[$0] = 1; next } !($0 in named)' "$work/names" - >"$work/why"
[ ! -s "$work/why" ] || refuse 'these files in evidence/sha256 are named by no index:'

# 4. What upstreams and rebuilders signed. An attacker would have us read what nobody signed: text around a signed part,
# a second text for one document, a line end in a name that makes a fact of its own. So read is only what gpgv verified
# (the text that it wrote itself, or the file beside the signature), once for a document, and no name with blanks. gpgv
# has all keys of the evidence; step 5 asks whose it was. Facts: lists RELEASE FILE SHA-256; says STATEMENT FILE SHA-256
values 'I/keys/[0-9]+/sha256' | while read -r key; do cat "$key"; done >"$work/keys.gpg"
awk -F '\t' '{ split($1, p, "/") } # lines of kind, document, the signature beside it or -, and the text
  p[3] == "evidence" { e = substr(p[4], 8); if (p[5] == "kind") kind[e] = $2; if (p[5] == "url") url[e] = $2 }
  p[2] == "signed" { link[p[4]] = $2; if (p[4] == "signature") print "link", link["document"], $2, link["text"] }
  END { for (d in kind) if (kind[d] ~ /^(release|buildinfo|sha256sums)$/) { print kind[d], d, "-", d
    for (s in kind) if (kind[s] == kind[d] "-signature" && index(url[s], url[d]) == 1) print kind[d], d, s, d } }' \
  "$work/flat" >"$work/documents"
FIELDS='/^$/ { exit } /^[^ ]/ { on = tolower($1) == (kind == "release" ? "sha256:" : "checksums-sha256:") }
  /^ / && on { print kind == "release" ? "lists" : "says", d, $3, $1 }'
SUMS='/^[0-9a-f]+ [ *]/ { f = substr($0, 67); sub(/.*\//, "", f); if (f ~ /^[!-~]+$/) print "says", d, f, $1 }'
LINK='BEGIN { RS = "\"" } # JSON in pieces between quotes: by turns outside and inside of strings, which \" continues
  !inside { if (/^:/) key[depth] = text; value = /^:$/; depth += gsub(/[{[]/, "") - gsub(/[]}]/, "") }
  !inside { inside = 1; text = ""; next }
  { text = text $0; match($0, /\\*$/); if (RLENGTH % 2) { text = text "\""; next } inside = 0 }
  value && depth == 1 { top[key[1]] = text }
  value && depth == 3 && key[1] == "products" && key[3] == "sha256" { name = key[2]; sub(/.*\//, "", name)
    if ((name text) ~ /^[!-~]+$/) said[++n] = name " " text }
  END { if (top["_type"] == "link" && top["name"] == "rebuild") for (i = 1; i <= n; i++) print "says", d, said[i] }'
while read -r kind doc sig text; do
  case $doc$sig$text in *[!0-9a-f-]*) refuse 'the evidence has a file name that is none.' ;; esac
  [ ! -e "$work/read.$doc" ] || continue
  if [ "$sig" = - ]; then text=$work/text.$doc; verify "$work/keys.gpg" --output "$text" "$doc"
  else verify "$work/keys.gpg" "$sig" "$text"; fi; [ -s "$work/by" ] || continue; : >"$work/read.$doc"
  case $kind in sha256sums) read=$SUMS ;; link) read=$LINK ;; *) read=$FIELDS ;; esac
  awk -v d="$doc" '{ print "signed", d, $0 }' "$work/by" >>"$work/facts"
  awk -v d="$doc" -v kind="$kind" "$read" "$text" >>"$work/facts"
done <"$work/documents"
# Each index that they list; its SHA-256 was checked in step 3. Facts: has INDEX NAME VERSION ARCHITECTURE SHA-256
awk '$1 == "lists" && $3 ~ /(^|\/)(Packages|Sources)(\.xz|\.gz)?$/ && $4 !~ /[^0-9a-f]/ { sub(/.*\//, "", $3)
  if (!seen[$4 $3]++) print $4, $3 }' "$work/facts" >"$work/indexes"
while read -r doc name; do [ -f "$doc" ] || continue
  case $name in *.xz) xz -dc <"$doc" ;; *.gz) gzip -dc <"$doc" ;; *) cat "$doc" ;; esac 2>/dev/null |
    awk -v d="$doc" -v name="$name" 'BEGIN { RS = ""; FS = "\n" } { split("", field) }
    { for (i = 1; i <= NF; i++) { split($i, word, /[ \t]+/)
        if (word[1] != "") { on = tolower(word[1]); if (on in field) next; field[on] = word[2] }
        else if (on == "checksums-sha256:" && word[4] ~ /\.dsc$/) field["sha256:"] = word[2] }
      sub(/^0+:/, "", field["version:"]); if (name ~ /^Sources/) field["architecture:"] = "source"
      print "has", d, field["package:"], field["version:"], field["architecture:"], field["sha256:"] }' >>"$work/facts"
done <"$work/indexes"
# Every SHA-256 in a package list: what has it is told by those who signed. Facts: used SHA-256
values 'I/lists/[0-9]+/sha256' | while read -r list; do
  awk '{ n = split($0, p, /[^0-9a-f]+/); for (i = 1; i <= n; i++) if (length(p[i]) == 64) print "used", p[i] }' "$list"
done >>"$work/facts"

# 5. What the report says, against the facts. An attacker would call a package proven by a key of somebody else, by
# one rebuilder under two names, or by an index of other bytes, or count wrong. So for a package only its own evidence
# counts, and in it a key that the report names for its archive, which had not expired at the clock of the report.
awk 'function wrong(text) { wrongs++; lines = lines "  WRONG: " text "\n" }
function unsure(text) { unsures++; lines = lines "  NOT CHECKED: " text "\n" }
function lacks(text) { if (closed) unsure(text ", but an index is packed in another way"); else wrong(text) }
function rests(key, whose) { if (!shown[key, whose]++) keys = keys "  Rests on key: " key ", " whose "\n" }
function seconds(t, y, m) { y = substr(t, 1, 4); m = substr(t, 6, 2) + 0; if (m < 3) { y--; m += 12 } # since 1970
  y = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m - 457) / 5) + substr(t, 9, 2) - 719469
  return ((y * 24 + substr(t, 12, 2)) * 60 + substr(t, 15, 2)) * 60 + substr(t, 18, 2) }
FS == "\t" { split($1, p, "/"); if (p[2] == "signed" && p[4] == "document") openpgp[$2] = 1
  if ($1 ~ /^I\/fetched\/.*\/url$/) url = " " $2; if ($1 ~ /^I\/fetched\/.*\/sha256$/) urls[$2] = urls[$2] url
  if (sub(/^R\/predicate\//, "", $1)) r[$1] = $2; if (p[2] != "predicate" || p[3] != "archives") next
  if (p[5] == "name") { archive = $2; number[archive] = p[4] } if (p[5] == "url") place[archive] = $2
  if (p[5] == "upstreams" && p[7] == "keys") upstream["upstream of " archive, $2] = upstream["an upstream", $2] = 1
  if (p[5] == "unproven" && p[6] == "action" && $2 == "fail") held[p[4]] = archive
  if (p[5] == "rebuilders" && p[8] == "name") party = $2; if (p[5] == "unread" && p[6] != "") partial = 1
  if (p[5] == "rebuilders" && p[8] == "keys" && !((archive, $2) in rebuilder)) rebuilder[archive, $2] = party; next }
$1 == "signer" { keys = keys "  Report signed by: " $2 ($3 ? ", a key that has expired since" : "") "\n" }
$1 == "signed" && (!$5 || $5 > seconds(r["at"])) { signers[$2] = signers[$2] " " $3 }
$1 == "lists" && signers[$2] { signers[$4] = signers[$4] signers[$2]
  if ($3 ~ /\.(bz2|zst|lzma)$/) packed[$4] = 1
  for (a in place) if (index(urls[$2], " " place[a])) serves[$4, a] = 1 }
$1 == "says" { said[$2, $3] = said[$2, $3] " " $4 } $1 == "used" { used[$2] = 1 }
$1 == "has" { for (i = 2; i--; sub(/^[0-9]+:/, "", $4)) has[$2, $3 " " $4 " " $5, $6] = has[$2, $3 " " $4 " ", $6] = 1 }
END { partial += r["otherArchives/action"] == "fail"; for (i = 0; (P = "packages/" i "/") && (P "name") in r; i++) {
    pack = r[P "name"] " " r[P "version"]; id = pack " " r[P "architecture"]; sha = r[P "sha256"]
    verdict = r[P "verdict"]; what = id ": " verdict ", but "; file = id ".deb"; gsub(/ ([0-9]+:)?/, "_", file)
    archive = r[P "archive"]; A = "archives/" number[archive] "/"; served = closed = other = agree = 0
    counts[verdict]++; counts["total"]++; from = r[P "hashFrom"]; if (from !~ /^(deb|list)$/) listings = 1
    if (verdict !~ /^(identical|reproduced)$/) { unsure(id ": " verdict ": " r[P "reason"]); continue }
    split("", agreed); proof = contrary = ""; if (r[A "require"] == "absent") wrong(what archive " must be absent")
    role = r[A "require"] == "identical" ? "upstream of " archive : "an upstream"
    for (j = 0; (P "evidence/" j) in r; j++) {
      e = substr(r[P "evidence/" j], 8); kind = r["evidence/sha256:" e "/kind"]; if (e in packed) closed = 1
      if (kind ~ /^(dsse|rebuilderd-link|in-toto-layout)$/ || (kind == "in-toto-link" && !(e in openpgp))) other = 1
      listed = (e, id, sha) in has || (e, pack " all", sha) in has; if (listed && (e, archive) in serves) served = 1
      n = split(signers[e], key, " "); hashes = split(said[e, file], hash, " ")
      for (k = 1; k <= n; k++) if (listed && (role, key[k]) in upstream) proof = key[k]
      for (k = 1; k <= n; k++) for (h = 1; h <= hashes; h++) if ((archive, key[k]) in rebuilder) {
        party = rebuilder[archive, key[k]]; if (hash[h] != sha) contrary = party
        else if (!(party in agreed)) { agree++; agreed[party] = key[k] } } }
    if (from == "apt-lists") unsure(id ": that apt was given this SHA-256")
    else if (from == "archive" ? !served : !(sha in used)) lacks(what "nothing that the build used (" from ") has " sha)
    if (verdict == "identical" && proof == "") lacks(what "no " role " signed it with " sha)
    if (verdict == "identical") { if (proof != "") rests(proof, role); continue }
    need = r[A "rebuilders/threshold"]; for (who in agreed) rests(agreed[who], "rebuilder " who ", one of " need)
    if (contrary != "") wrong(what contrary " got other bytes")
    else if (need == "" || r[A "rebuilders/sourceRequired"] == "true") unsure(id ": needs a layout or source")
    else if (agree < need && other) unsure(id ": reproduced: needs keys that gpgv cannot read")
    else if (agree < need) wrong(what "only " agree " of " need " rebuilders signed " file " with " sha) }
  for (i = split("total identical reproduced excepted mismatch unproven unlisted forbidden undecided", l); i; i--)
    if (r["counts/" l[i]] != counts[l[i]] + 0)
      wrong("the report counts " r["counts/" l[i]] " " l[i] ", and has " counts[l[i]] + 0)
  if ("shard/index" in r) unsure("the other parts: this is part " r["shard/index"] " of " r["shard/of"])
  else if (!counts["total"]) partial = listings = 1
  for (a in held) { A = "archives/" a "/"; U = A "unproven/"; unsure("how many files of " held[a] " nobody vouches for")
    if (r[U "count"] ? (U "unread/0") in r : (A "unread/0/code") in r) open = 1; else refused += r[U "count"] }
  verdict = counts["undecided"] || open || (partial && listings) ? "undecided" : "pass"
  if (refused + counts["mismatch"] + counts["unproven"] + counts["unlisted"] + counts["forbidden"]) verdict = "fail"
  if (verdict != r["verdict"]) wrong("the report says " r["verdict"] ", and its packages make " verdict)
  status = wrongs || verdict == "fail" ? 1 : verdict == "pass" && !unsures ? 0 : 3
  if (wrongs) print "REFUSED: the report does not follow from its evidence.\nDo not rely on it: get it again."
  else if (status == 1) print "FAIL: nothing is wrong with the report, and it says fail.\nDo not release."
  else if (status == 3) print "UNDECIDED: nothing is wrong, but not all could be checked; the report says " verdict "."
  else print "AGREED: all " counts["total"] " verdicts follow from the evidence; the report says pass."
  lines = lines keys "  Under policy: sha256:" r["policy/sha256"]
  gsub(/[^ -~\n]/, "?", lines); print lines; exit status }' FS='\t' "$work/flat" FS=' ' "$work/facts"
