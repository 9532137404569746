#!/bin/sh
# Checks a debproof report by its evidence, with gpgv, sha256sum, xz, gzip and awk alone, offline: sh recheck.sh KEYRING [DIR]
#   KEYRING  who may sign the report, a binary OpenPGP keyring (of an armored one: gpg --dearmor <keys.asc >KEYRING)
#   DIR      the folder of report.json, report.json.asc and evidence/; if left out, the folder of this script
# Exit status: 0 every verdict was derived again and the report says pass; 1 something was changed or does not follow, or
# the report says fail; 2 wrong usage; 3 nothing is wrong, but something could not be checked or is undecided.
# Who is trusted it takes from the report: compare the keys and the policy that it prints with those that you know.
# `debproof recheck` checks more: dates, suites, components, exceptions, other versions, what other rebuilders got, sources,
# --deep, single subkeys, epochs. A key that is revoked now never counts here.
# shellcheck disable=SC2016 # the programs for awk are in single quotes, for the shell to leave their $ alone
set -uf; export LC_ALL=C; umask 077
usage() { printf '%s\n' "recheck.sh: $1" 'usage: sh recheck.sh KEYRING [DIR]' >&2; exit 2; }
case $# in 1 | 2) ;; *) usage 'name the keyring of who may sign the report.' ;; esac
case $0 in */*) dir=${2:-${0%/*}} ;; *) dir=${2:-.} ;; esac
case $1 in /*) keyring=$1 ;; *) keyring=$PWD/$1 ;; esac # gpgv looks for a bare name in a folder of its own
{ [ -f "$keyring" ] && [ -r "$keyring" ]; } || usage "$1 cannot be read."
awk '/^-----BEGIN PGP/ { exit 1 }' "$keyring" || usage "$1 is armored; gpgv reads binary: gpg --dearmor <'$1' >keyring.gpg"
{ [ -f "$dir/report.json" ] && cd -- "$dir"; } || usage "there is no report.json in $dir."
case ${TMPDIR:-/tmp} in /*) work=${TMPDIR:-/tmp}/recheck.$$ ;; *) usage 'TMPDIR must be an absolute path.' ;; esac
mkdir "$work" "$work/text" || usage "$work cannot be made."; trap 'rm -rf "$work"' EXIT; trap 'exit 2' HUP INT TERM
refuse() { printf '%s\n' "REFUSED: $1" 'Do not rely on it: get the report and its evidence again, from whoever signed it.'
  [ ! -s "$work/wrong" ] || awk '{ gsub(/[^ -~]/, "?"); print "  " $0 }' "$work/wrong"; exit 1; }
say() { printf '%s\n' "$*" >>"$work/facts"; } # what was found out, one fact a line; JUDGE reads them at the end

# 1. The signature of the report. STATUS prints, of each signature that gpgv says fits (GnuPG, doc/DETAILS): the primary
# key, when it signed, and, if it has expired since, when (the earliest end of any key of the certificate; else 0). If one
# does not fit, none counts. Nor do hashes before SHA-256 (field 10), REVKEYSIG, EXPSIG, ERRSIG, or a second text.
STATUS='$2 == "NEWSIG" { good = ends = 0 } $2 == "KEYEXPIRED" && (!ends || $3 < ends) { ends = $3 + 0 }
$2 == "GOODSIG" { good = 1; ends = 0 } $2 == "EXPKEYSIG" { good = 1 }
$2 == "BADSIG" || ($2 == "PLAINTEXT" && (texts++ || $3 != "74")) || ($2 == "ERROR" && /plaintext/) { bad = 1 }
$2 == "VALIDSIG" && good && $10 >= 8 && ($11 == "00" || $11 == "01") { found[++n] = $12 " " $5 " " ends }
END { if (bad) print "BAD 0 0"; else for (i = 1; i <= n; i++) print found[i] }'
verify() { gpgv --status-fd 3 --keyring "$@" 3>"$work/status" >"$work/wrong" 2>&1; awk "$STATUS" "$work/status" >"$work/by"; }
verify "$keyring" report.json.asc report.json # its exit status says too little
awk '$1 == "BAD" || ($3 && $2 >= $3) { n = -1; exit } { n++ } END { exit n < 1 }' "$work/by" ||
  refuse 'report.json was changed, or report.json.asc is not by a key of the keyring. gpgv says:'
awk '{ print "signer", $1, $3 }' "$work/by" >>"$work/facts"; : >"$work/wrong"
# JSON as JSON.stringify(x, null, 1) writes it, made into lines of path, tab, value (empty for null); written otherwise it
# is refused. The indentation tells the depth, and no string can fake it: a string is on one line, with escapes.
FLAT='function bad() { print "malformed in line " NR; failed = 1; exit }
{ match($0, /^ */); at = RLENGTH; rest = substr($0, at + 1); sub(/,$/, "", rest); if (rest ~ /[\001-\037]/) bad()
  if (rest == "}" || rest == "]") { if (at != --depth || (rest == "}") != (kind[at + 1] == "{")) bad(); next }
  if (at != depth || (!at && NR > 1)) bad(); name = count[at]++
  if (kind[at] == "{") { if (!match(rest, /^"[^"\\\/]*": /)) bad(); name = substr(rest, 2, RLENGTH - 4); rest = substr(rest, RLENGTH + 1) }
  path[at] = at ? path[at - 1] "/" name : start; if (seen[path[at]]++) bad()
  if (rest == "{" || rest == "[") { kind[++depth] = rest; count[depth] = 0; next }
  bare = rest; gsub(/\\./, "", bare); if (bare !~ /^("[^"]*"|[0-9]+|true|false|null|\{\}|\[\])$/) bad()
  value = rest == "null" ? "" : rest; if (sub(/^"/, "", value)) sub(/"$/, "", value); print path[at] "\t" value } END { if (!failed && depth) print "malformed at its end" }'
flat() { awk -v start="$2" "$FLAT" "$1" >"$work/new"; cat "$work/new" >>"$work/flat"
  awk '/^malformed/ { print; exit 1 }' "$work/new" >"$work/wrong" || refuse "$1 is not written as debproof writes it."; }
value() { awk -F '\t' -v path="$1" '$1 == path { print $2; exit }' "$work/flat"; }
flat report.json R

# 2. The evidence: the index that the report names, the indexes of its parts, and every file that these and it name.
index=$(value R/predicate/bundle/index); [ -n "$index" ] || refuse 'the report was made without evidence (--evidence none).'
[ "$(sha256sum <evidence/index.json)" = "${index#sha256:}  -" ] || refuse 'evidence/index.json was changed or is missing.'; flat evidence/index.json I
NAMES='$1 ~ /^R\/predicate\/evidence\/.*\/kind$/ { sub(/.*sha256:/, "", $1); sub(/\/kind/, "", $1); print $1 }
$1 ~ /^I[0-9]*\/((inputs|lists|keys)\/[0-9]+\/sha256|signed\/[0-9]+\/(text|signature)|run\/system\/.*\/keyring|parts\/[0-9]+)$/ { print $2 }
$1 ~ /^I[0-9]*\/fetched\/.*\/sha256$/ { hash = $2 } $1 ~ /^I[0-9]*\/fetched\/.*\/kept$/ && $2 == "true" { print hash }'
hashed() { awk -F '\t' "$NAMES" "$work/flat" | awk '$0 && !seen[$0]++' >"$work/names"
  awk 'length($0) != 64 || /[^0-9a-f]/ { exit 1 }' "$work/names" || refuse 'a file of the evidence is not named by its SHA-256.'
  awk '{ print $0 "  evidence/sha256/" $0 }' "$work/names" | sha256sum -c 2>/dev/null | awk '!/: OK$/ { sub(/: .*/, ": changed or missing"); print }' >"$work/wrong"
  [ ! -s "$work/wrong" ] || refuse 'files of the evidence were changed or are missing:'; }
hashed; awk -F '\t' '$1 ~ /^I\/parts\/[0-9]+$/ { print $2 }' "$work/flat" >"$work/parts"
n=0; while read -r part; do n=$((n + 1)); flat "evidence/sha256/$part" "I$n"; done <"$work/parts"; hashed; cd evidence/sha256 || refuse 'there is no evidence/sha256.'
set +f; printf '%s\n' * | awk 'NR == FNR { named[$0] = 1; next } !($0 in named)' "$work/names" - >"$work/wrong"; set -f
[ ! -s "$work/wrong" ] || refuse 'these files in evidence/sha256 are named by no index:'

# 3. Every signed file, against all certificates of the evidence: JUDGE compares the fingerprints that gpgv prints with
# those that may sign. A detached signature belongs to a file of the same package. Read is only what gpgv verified: the
# text that it wrote itself, or the file beside the signature; and one text for each, lest a key pass for another text.
awk -F '\t' '$1 ~ /^I[0-9]*\/keys\/[0-9]+\/sha256$/ { print $2 }' "$work/flat" | while read -r key; do cat "$key"; done >"$work/keys.gpg"
SIGNED='{ split($1, p, "/") } p[3] == "evidence" && p[5] == "kind" { kind[substr(p[4], 8)] = $2 }
p[3] == "packages" && p[5] == "evidence" { list[p[4], count[p[4]]++] = substr($2, 8) }
p[2] == "signed" { link[p[4]] = $2; if (p[4] == "signature") print "in-toto-link", link["document"], $2, link["text"] }
END { for (d in kind) if (kind[d] ~ /^(release|buildinfo|sha256sums)$/) print kind[d], d, "-", d
  for (k in count) for (i = 0; i < count[k]; i++) for (j = 0; j < count[k]; j++) { d = list[k, i]; s = list[k, j]
    if (kind[s] == kind[d] "-signature" && !pair[d, s]++) print kind[d], d, s, d } }'
RELEASE='/^$/ { exit } /^[^ ]/ { on = tolower($1) == "sha256:" }
/^ / && on && $3 ~ /(^|\/)(Packages|Sources)(\.[a-z0-9]+)?$/ { end = $3; if (!sub(/^.*\./, "", end)) end = "plain"; print "lists", d, $1, end }'
BUILDINFO='/^$/ { exit } /^[^ ]/ { on = tolower($1) == "checksums-sha256:" } /^ / && on { print "says", d, $3, $1 }'
SUMS='/^[0-9a-f]+ [ *]/ { name = substr($0, 67); sub(/.*\//, "", name); print "says", d, name, $1 }'
LINK='BEGIN { RS = "\"" } # JSON in pieces between quotes: by turns outside and inside of strings, which \" continues
!inside { for (i = 1; i <= length($0); i++) { c = substr($0, i, 1); value = c == ":"; if (value) key[depth] = text
    if (c == "{" || c == "[") depth++; if (c == "}" || c == "]") depth-- } inside = 1; text = ""; next }
{ text = text $0; match($0, /\\*$/); if (RLENGTH % 2) { text = text "\""; next } inside = 0; if (value && depth == 1) top[key[1]] = text
  if (value && depth == 3 && key[1] == "products" && key[3] == "sha256") { line = key[2] " " text; sub(/.*\//, "", line)
    if (line ~ /^[!-~]+ [0-9a-f]+$/) said[++n] = line } } # no line ends: the facts are lines
END { if (top["_type"] == "link" && top["name"] == "rebuild") for (i = 1; i <= n; i++) print "says", d, said[i] }'
awk -F '\t' "$SIGNED" "$work/flat" >"$work/documents"
while read -r kind doc sig text; do
  case $doc$sig$text in *[!0-9a-f-]*) refuse 'the evidence has a file name that is none.' ;; esac
  IFS= read -r first <"$text"; [ ! -e "$work/text/$doc.read" ] || continue
  if [ "$sig" != - ]; then verify "$work/keys.gpg" "$sig" "$text"
  elif [ "$first" != '-----BEGIN PGP SIGNED MESSAGE-----' ]; then continue # it is signed by another file
  else verify "$work/keys.gpg" --output "$work/text/$doc" "$doc"; text=$work/text/$doc; fi
  case $kind in release) read=$RELEASE ;; buildinfo) read=$BUILDINFO ;; sha256sums) read=$SUMS ;; *) read=$LINK ;; esac
  awk '$1 == "BAD" { exit 1 } END { if (!NR) exit 1 }' "$work/by" || continue
  awk -v d="$doc" '{ print "signed", d, $0 }' "$work/by" >>"$work/facts"; awk -v d="$doc" "$read" "$text" >>"$work/facts"; : >"$work/text/$doc.read"
done <"$work/documents"; : >"$work/wrong"
# Every index, unpacked once. A release file tells how; one that none lists apt may have packed anew: what is in it must be.
INDEXES='FS == " " { if ($1 == "lists") end[$3] = $4; next }
{ split($1, p, "/"); d = substr(p[4], 8); if (p[3] != "evidence") next; if (p[5] == "kind") kind = $2 }
p[5] == "url" && kind ~ /^(packages|sources)$/ { e = $2; if (!sub(/.*\./, "", e) || e ~ /[^a-z0-9]/) e = "plain"; print d, kind, d in end ? end[d] : e, !(d in end) }'
SCAN='function flush() { if (names == 1 && (name " " version) in wanted) print "has", d, name, version, kind == "sources" ? "source" : arch, hash
  names = 0; name = version = arch = hash = "" }
BEGIN { while ((getline line < list) > 0) wanted[line] = 1 } /^$/ { flush() } /^[ \t]/ { if (on && $3 ~ /\.dsc$/) hash = $1; next }
{ field = tolower(substr($0, 1, index($0, ":"))); on = field == "checksums-sha256:" && kind == "sources" }
field == "package:" { names++; name = tolower($2) } field == "version:" { version = $2; sub(/^0+:/, "", version) }
field == "architecture:" { arch = $2 } field == "sha256:" && kind == "packages" { hash = $2 } END { flush() }'
awk -F '\t' '$1 ~ /^R\/predicate\/packages\/.*\/name$/ { n = $2 } $1 ~ /^R\/predicate\/packages\/.*\/version$/ { print n " " $2 }' "$work/flat" >"$work/wanted"
awk "$INDEXES" "$work/facts" FS='\t' "$work/flat" >"$work/indexes"
while read -r doc kind end anew; do
  case $end in xz) unpack='xz -dc' ;; gz) unpack='gzip -dc' ;; plain) unpack='cat' ;; *) say "unread $doc"; continue ;; esac
  [ "$anew" = 0 ] || say "same $doc $($unpack <"$doc" 2>/dev/null | sha256sum)"
  $unpack <"$doc" 2>/dev/null | awk -v d="$doc" -v kind="$kind" -v list="$work/wanted" "$SCAN" >>"$work/facts"
done <"$work/indexes"
# The package lists, so that no package was left out or put in; and what the policy asks of each archive (block style).
LIST='function used(name, version, hash) { sub(/:.*/, "", name); sub(/^0+:/, "", version); n++; print "used", tolower(name), version, hash }
function stanza() { if (name && state !~ /^(not-installed|config-files)$/) used(name, version); name = "" }
/^#/ || /^snap:/ { next } format ~ /^(dpkg-query|name-version)$/ && NF { split($0, p, /[ \t=]+/); used(p[1], p[2]) }
format == "build-manifest" { gsub(/\047/, ""); if (/ package: /) name = $NF; if ($1 == "version:") { used(name, $NF); name = "" } }
format == "dpkg-status" { if (!NF) stanza(); if (/^Package:/) name = $2; if (/^Version:/) version = $2; if (/^Status:/) state = $4 }
format == "print-uris" && $2 ~ /(deb|dsc)$/ { split($2, p, "_"); sub(/\.dsc$/, "", p[2]); gsub(/%3[aA]/, ":", p[2]); used(p[1], p[2], substr($4, 8)) }
format == "deb-directory" { n++; print "deb", $1 } END { stanza(); print "list", number, n + 0 }'
POLICY='{ sub(/(^|[ \t])#.*/, ""); match($0, /^ */); at = RLENGTH } NF && !at { on = /^archives:/ } !on || !NF || !at { next }
{ if (!step) step = at; if (at == step) { name = $1; gsub(/[:"\047]/, "", name) } }
match($0, /(threshold|require): *[a-z0-9]+/) { split(substr($0, RSTART, RLENGTH), p, /: */); print "policy", name, p[1], p[2] }'
n=0; while hash=$(value "R/predicate/lists/$n/sha256"); [ -n "$hash" ]; do
  case $hash in *[!0-9a-f]*) ;; *) awk -v number="$n" -v format="$(value "R/predicate/lists/$n/format")" "$LIST" "$hash" >>"$work/facts" ;; esac; n=$((n + 1))
done; hash=$(value R/predicate/policy/sha256); case $hash in *[!0-9a-f]*) ;; *) [ ! -f "$hash" ] || awk "$POLICY" "$hash" >>"$work/facts" ;; esac

# 4. What the report says, against what was found out.
JUDGE='function add(t) { gsub(/[^ -~]/, "?", t); lines = lines "  " t "\n" } # nothing that a terminal obeys
function wrong(t) { wrongs++; add("WRONG: " t) } function unsure(t) { unsures++; add("NOT CHECKED: " t) }
function seconds(t, y, m) { y = substr(t, 1, 4); m = substr(t, 6, 2) + 0; if (m < 3) { y--; m += 12 } # since 1970
  y = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m - 457) / 5) + substr(t, 9, 2) - 719469
  return ((y * 24 + substr(t, 12, 2)) * 60 + substr(t, 15, 2)) * 60 + substr(t, 18, 2) }
function by(e, role, k, i, n) { n = split(signers[e], k); for (i = 1; i <= n; i++) if ((role, k[i]) in may) return k[i]; return "" }
function folder(e, t) { t = r["evidence/sha256:" e "/url"]; sub(/[^\/]*$/, "", t); return t } function rests(k, role) { if (!shown[k, role]++) keys = keys "  Rests on key: " k ", " role "\n" }
FS == "\t" { if (sub(/^R\/predicate\//, "", $1)) r[$1] = $2; if ($1 ~ /^I[0-9]*\/signed\/.*document$/) openpgp[$2] = 1; next }
$1 == "policy" { asks[$2, $3] = asks[$2, $3] " " $4 " " } $1 == "signer" { keys = keys "  Report signed by: " $2 ($3 ? ", a key that has expired since" : "") "\n" }
$1 == "signed" { doc[++docs] = $2; key[docs] = $3; time[docs] = $4; ends[docs] = $5 }
$1 == "lists" { listers[$3] = listers[$3] " " $2 } $1 == "same" { listers[$2] = listers[$2] listers[$3] } $1 == "says" { said[$2, $3] = said[$2, $3] " " $4 }
$1 == "unread" { unread[$2] = 1 } $1 == "has" { id = $3 " " $4 " " $5; has[$2, id, $6] = has[$2, $3 " " $4 " ", $6] = 1; of[id, ++ofs[id]] = $2 " " $6 }
$1 == "used" { used[$2 " " $3] = hashes[$2 " " $3, $4] = 1 } $1 == "deb" { used["a .deb with SHA-256 " $2] = debs[$2] = 1 } $1 == "list" { entries[$2] = $3 }
END { at = seconds(r["at"])
for (a = 0; (A = "archives/" a "/") && (A "name") in r; a++) { name = r[A "name"]; if (r[A "unread/0/what"] != "") partial = 1
  if (name in number) wrong("two archives are called " name); number[name] = a
  for (u = 0; (U = A "upstreams/" u "/") && (U "kind") in r; u++) { if (r[U "kind"] != "live") past = 1
    for (k = 0; (K = U "keys/" k) in r; k++) if (r[A "require"] != "absent") may["upstream of " name, r[K]] = may["an upstream", r[K]] = 1 }
  for (u = 0; (U = A "rebuilders/parties/" u "/") && (U "name") in r; u++) for (k = 0; (K = U "keys/" k) in r; k++)
    if (!((name, r[K]) in party)) party[name, r[K]] = r[U "name"] # one key is one party
  want["require"] = r[A "require"]; want["threshold"] = r[A "rebuilders/threshold"]; for (k in want) if (want[k] != "" && !index(asks[name, k], " " want[k] " ")) { t = "archive " name ": the report says " k ": " want[k]
    if (asks[name, k] != "") wrong(t ", and the policy" asks[name, k]); else if (k == "threshold") unsure(t ", and where the policy says it was not found") } }
for (i = 1; i <= docs; i++) { d = doc[i]; t = time[i] > at ? time[i] : at # a statement, and a state that was kept, may be signed later
  if ((!ends[i] || ends[i] > t) && (t == at || past || r["evidence/sha256:" d "/kind"] != "release")) good[d] = good[d] " " key[i] }
for (e in listers) { n = split(listers[e], l); for (i = 1; i <= n; i++) { signers[e] = signers[e] good[l[i]]; split(good[l[i]], s)
  for (name in number) if (s[1] && index(r["evidence/sha256:" l[i] "/url"], r["archives/" number[name] "/url"]) == 1) serves[e, name] = s[1]
  if (s[1] && folder(l[i]) == folder(e)) kept[e] = s[1] } } # as apt keeps its lists
for (i = 0; (L = "lists/" i "/") && (L "name") in r; i++) if (entries[i] != r[L "packages"]) { open = 1; unsure("that all of " r[L "name"] " is in the report") }
if ("shard/index" in r) { open = 1; unsure("that no package was left out: this is part " r["shard/index"] " of " r["shard/of"]) }
for (i = 0; (P = "packages/" i "/") && (P "name") in r; i++) { pack = r[P "name"] " " r[P "version"]; id = pack " " r[P "architecture"]
  verdict = r[P "verdict"]; sha = r[P "sha256"]; from = r[P "hashFrom"]; archive = r[P "archive"]; A = "archives/" number[archive] "/"
  counts[verdict]++; counts["total"]++; seen[pack] = seen["a .deb with SHA-256 " sha] = 1; what = id ": " verdict ", but "
  known = from ~ /^(deb|list)$/; if (!known) byname = 1; role = archive != "" && r[A "require"] == "identical" ? "upstream of " archive : "an upstream"
  if (!(pack in used) && !(sha in debs) && !open) wrong(what "no package list has it"); if (r[A "require"] == "absent" && verdict ~ /^(ide|rep)/) wrong(what "nothing may come from " archive)
  if (verdict !~ /^(identical|reproduced)$/) { unsure(id ": " verdict ": " r[P "reason"]); continue }
  proof = lister = all = other = closed = contrary = ""; agree = 0; split("", agreed); file = id ".deb"; gsub(/ ([0-9]+:)?/, "_", file)
  for (j = 0; (P "evidence/" j) in r; j++) { e = substr(r[P "evidence/" j], 8); kind = r["evidence/sha256:" e "/kind"]; if (e in unread) closed = 1
    if ((e, id, sha) in has || (e, pack " all", sha) in has) { all = all signers[e]; if (by(e, role) != "") proof = by(e, role)
      if ((e, archive) in serves) lister = serves[e, archive]; else if (from == "apt-lists" && e in kept) lister = kept[e] }
    if (kind ~ /^(dsse|rebuilderd-link|in-toto-layout)$/ || (kind == "in-toto-link" && !(e in openpgp))) other = 1
    n = split(good[e], s); m = split(said[e, file], h)
    for (x = 1; x <= n; x++) if ((archive, s[x]) in party) for (y = 1; y <= m; y++) { p = party[archive, s[x]]
      if (h[y] != sha) contrary = p; else { if (!(p in agreed)) agree++; agreed[p] = s[x] } } }
  if (!known && lister != "") rests(lister, "the archive " archive " as it was served")
  else if (from == "deb" ? !(sha in debs) : from == "list" ? !((pack, sha) in hashes) : !closed) wrong(what "nothing that the build used (" from ") has the hash " sha)
  else if (!known) unsure(what "an index is packed in a way that this cannot read")
  for (o = 1; o <= ofs[id]; o++) { split(of[id, o], f); if (f[2] == sha) continue # other bytes under the same identity
    if (verdict == "reproduced" && by(f[1], role) != "") wrong(what by(f[1], role) ", " role ", signed " f[2])
    for (name in number) if (!known && (f[1], name) in serves && by(f[1], "an upstream") == "") wrong(what name " also lists " f[2]) }
  if (verdict == "identical") { if (proof != "") rests(proof, role); else if (closed) unsure(id ": identical: an index is packed in a way that this cannot read")
    else wrong(what (all == "" ? "no index with a valid signature lists " sha : "no " role " signed that, only" all)); continue }
  need = r[A "rebuilders/threshold"]; for (p in agreed) rests(agreed[p], "rebuilder " p)
  if (contrary != "") wrong(what contrary " got other bytes")
  else if (need == "" || r[A "rebuilders/sourceRequired"] == "true") unsure(id ": reproduced: it rests on a layout, or a source, or is of no archive")
  else if (agree < need) { if (other) unsure(id ": reproduced: needs keys that gpgv cannot read"); else wrong(what "only " agree " of " need " rebuilders signed " file " with " sha) } }
if (!open) for (p in used) if (!(p in seen)) wrong(p ": a package list has it, and the report does not")
for (i = split("total identical reproduced excepted mismatch unproven unlisted forbidden undecided", l); i; i--) if (r["counts/" l[i]] != counts[l[i]] + 0) wrong("the report counts " r["counts/" l[i]] " " l[i] ", and has " counts[l[i]] + 0)
verdict = counts["mismatch"] + counts["unproven"] + counts["unlisted"] + counts["forbidden"] ? "fail" : \
  counts["undecided"] || (!counts["total"] && !("shard/index" in r)) || (partial && byname) ? "undecided" : "pass"
if (verdict != r["verdict"]) wrong("the report says " r["verdict"] ", and its packages make " verdict)
if (wrongs) print "REFUSED: the report does not follow from its evidence.\nDo not rely on it: get the report and its evidence again, from whoever signed it."
else if (verdict == "fail") print "FAIL: nothing is wrong with the report, and it says fail.\nDo not release: read the reasons, and look at these packages."
else if (verdict == "undecided" || unsures) print "UNDECIDED: nothing is wrong, but not all could be checked; the report says " verdict ".\nRun `debproof recheck`, which reads what this cannot."
else print "AGREED: all " counts["total"] " verdicts follow from the evidence; the report says pass.\nCompare the keys and the policy with those that you know."
printf "%s%s  Under policy: sha256:%s\n", lines, keys, r["policy/sha256"]; exit wrongs || verdict == "fail" ? 1 : verdict == "undecided" || unsures ? 3 : 0 }'
awk "$JUDGE" FS='\t' "$work/flat" FS=' ' "$work/facts"
