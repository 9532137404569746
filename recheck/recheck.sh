#!/bin/sh
# Checks a debproof report by its evidence, offline: gpgv, sha256sum, xz, gzip, base64, awk, and no code of debproof's.
#   sh recheck.sh KEYRING [DIR]
#   KEYRING  who may sign the report: a file of OpenPGP certificates, armored or binary
#   DIR      the folder of report.json, report.json.asc and evidence/; if left out, that of this script
# Exit status: 0 AGREED: every verdict follows, and the report says pass. 1 REFUSED: something was changed or does not
# follow; or FAIL: the report says so. 2 wrong usage, or a tool is missing. 3 UNDECIDED: not all could be checked, like
# what rests on a key that gpgv cannot read (version 6; Ed25519 of RFC 9580), on an index in .bz2 or .zst, or on JSON of
# rebuilders. It checks who signed the report; that the evidence is what was signed with it; its subject, clock, release
# and policy; of a package called identical, that its upstream signed an index with its name, version, architecture and
# SHA-256; of one called reproduced, that enough rebuilders signed its file name and SHA-256; that the build used it.
# It does NOT check, and `debproof recheck` does: that the report has all packages of the package lists and no others;
# keys, thresholds and rules against the policy; exceptions, dates, suites, lists that apt kept, and what else archives
# list; what was left out of report or evidence; that a text which several rebuilders signed counts once; that files are
# well-formed; and what the report says besides: its sentences, and further fields of packages, files and archives.
# Whom to trust it takes from the report: compare the subjects, keys and policy that it prints with those that you know.
# shellcheck disable=SC2016 # the awk programs are in single quotes, for the shell to leave their $ alone
set -u; export LC_ALL=C; umask 077; unset CDPATH GZIP XZ_OPT XZ_DEFAULTS
usage() { printf '%s\n' "recheck.sh: $1" 'usage: sh recheck.sh KEYRING [DIR]' >&2; exit 2; }
refuse() { printf '%s\n' "${2:-REFUSED}: $1" | # nothing that a terminal obeys
  awk '{ gsub(/[^ -~]/, "?"); print }' - "$work/why"; exit "${3:-1}"; }
for tool in gpgv sha256sum xz gzip base64 awk; do command -v "$tool" >/dev/null || usage "$tool is not installed."; done
case $# in 1 | 2) ;; *) usage 'name the keyring of who may sign the report.' ;; esac
case $0 in */*) dir=${2:-${0%/*}} ;; *) dir=${2:-.} ;; esac; case $dir in /*) ;; *) dir=./$dir ;; esac
case $1 in /*) keyring=$1 ;; *) keyring=$PWD/$1 ;; esac # gpgv looks for a bare name in a folder of its own
[ -r "$keyring" ] && [ -f "$dir/report.json" ] || usage "$1 cannot be read, or there is no report.json in $dir."
case ${TMPDIR:-/tmp} in /*) work=${TMPDIR:-/tmp}/recheck.$$ ;; *) usage 'TMPDIR must be an absolute path.' ;; esac
mkdir "$work" || usage "$work cannot be made."; trap 'rm -rf "$work"' EXIT; trap 'exit 2' HUP INT TERM
awk '/^-----BEGIN PGP/ { exit 1 }' "$keyring" || { # armored: base64 between headers and a checksum
  awk '{ sub(/[ \t\r]+$/, "") } /^-----END/ { on = 0 } on && !/^=|:/ { print } /^-----BEGIN PGP PUBLIC/ { on = 1 }' \
    "$keyring" | base64 -d >"$work/keyring" || usage "$1 is no keyring."; keyring=$work/keyring; }
cd "$dir" || exit 2; : >"$work/why"; [ -f report.json.asc ] || refuse 'nobody signed the report: no report.json.asc.'
# 1. The signature of the report. An attacker would add a bad signature, sign a second text, or use a weak hash or a key
# that was revoked or had expired. So gpgv's status lines are asked (GnuPG, doc/DETAILS), and not its exit status.
verify() { # leaves in "by", for each signature that fits: primary key, when it signed, when the key expired since, or 0
  gpgv --status-fd 3 --keyring "$@" 3>"$work/status" >"$work/why" 2>&1 # blind: 1 where it cannot read signature or key
  awk -v out="$work/by" 'FILENAME != ARGV[1] { blind += /nknown version/; gone += /\004 [\001-\034][\001-\016]/; next }
    $2 == "KEYEXPIRED" && (!ends || $3 < ends) { ends = $3 + 0 } $2 == "EXPKEYSIG" { good = 1 }
    $2 == "NEWSIG" { good = ends = 0 } $2 == "GOODSIG" { good = 1; ends = 0 }
    $2 == "ERRSIG" && $8 != 9 { blind = 1 } # a key that is revoked (gone) and expired, gpgv calls expired
    $2 == "BADSIG" || ($2 == "ERROR" && /plaintext/) || ($2 == "PLAINTEXT" && (texts++ || $3 != "74")) { bad = 1 }
    $2 == "VALIDSIG" && good && $10 >= 8 && $11 ~ /^0[01]$/ && (!ends || $5 < ends) { by[++n] = $12 " " $5 " " ends }
    END { print (blind || gone) && !bad; printf "" >out; if (!bad) for (i = 1; i <= n; i++)
      if (!gone || by[i] ~ / 0$/) print by[i] >out }' "$work/status" "$work/why" RS='\377' "$1" >"$work/blind"
  read -r blind <"$work/blind"; }
verify "$keyring" report.json.asc report.json
[ -s "$work/by" ] || [ "$blind" = 0 ] || refuse 'gpgv cannot read the signature of the report, or its key:' UNDECIDED 3
[ -s "$work/by" ] || refuse 'report.json was changed, or report.json.asc is not by a key of the keyring. gpgv says:'
awk '{ print "signer", $1, $3 }' "$work/by" >"$work/facts"; : >"$work/why" # facts: one a line, for step 5
# 2. JSON, as lines of path, tab, value, tab, type (" or null). An attacker would write what two readers take for two
# things: a name twice, two values on a line, a string that looks like structure. So it must be as JavaScript
# writes it, JSON.stringify(x, null, 1): the indentation is the depth, and a value or string has one line.
flatten() { # the hash tells that awk sees all bytes as they are, and a line end at the end
  [ "$(awk 1 "$1" | sha256sum)" = "$(sha256sum <"$1")" ] && awk -v start="$2" 'function bad() { failed = 1; exit }
    { match($0, /^ */); at = RLENGTH; rest = substr($0, at + 1); sub(/,$/, "", rest) } /[^ -~\177-\377]/ { bad() }
    rest == "}" || rest == "]" { if (at != --depth || (rest == "}") != (opened[at + 1] == "{")) bad(); next }
    { if (at != depth || (!at && NR > 1)) bad(); name = count[at]++ }
    opened[at] == "{" { if (!match(rest, /^"[^"\\\/0-9][^"\\\/]*": /)) bad()
      name = substr(rest, 2, RLENGTH - 4); rest = substr(rest, RLENGTH + 1) }
    { path[at] = at ? path[at - 1] "/" name : start; if (seen[path[at]]++) bad() }
    rest == "{" || rest == "[" { opened[++depth] = rest; count[depth] = 0; next }
    { bare = rest; gsub(/\\(["\\bfnrt]|u[0-9a-f][0-9a-f][0-9a-f][0-9a-f])/, "", bare)
      if (bare !~ /^("[^"\\]*"|0|[1-9][0-9]*|true|false|null|\{\}|\[\])$/) bad(); type = rest == "null" ? rest : ""
      if (gsub(/^"|"$/, "", rest)) type = "\""; print path[at] "\t" (type == "null" ? "" : rest) "\t" type }
    END { exit failed || depth }' "$1" >>"$work/flat" 2>/dev/null || refuse "$1 is not as debproof writes it."; }
# 3. The evidence. An attacker would change a file, take one away, put one in, or name one elsewhere. But the signed
# report names the SHA-256 of the index, and that (if merged: with those of the parts) all other files, each called by
# its SHA-256; one that is not named is refused. The index is called I here, its parts II, III.
values() { awk -F '\t' -v path="^$1\$" '$1 ~ path { print $2 }' "$work/flat"; }
table() { # of each item of a list in the index, two fields on a line
  awk -F '\t' -v list="$1" -v one="$2" -v two="$3" 'split($1, p, "/") == 4 && p[2] == list { item[p[1] p[3]]
    f[p[1] p[3], p[4]] = $2 } END { for (n in item) print f[n, one], f[n, two] }' "$work/flat"; }
flatten report.json R; index=$(values R/predicate/bundle/index); [ "$index" ] || refuse 'it was made without evidence.'
[ "$(sha256sum <evidence/index.json)" = "${index#sha256:}  -" ] || refuse 'evidence/index.json was changed.'
flatten evidence/index.json I; values 'I/parts/[0-9]+' >"$work/parts"; part=I
while read -r name; do part=I$part; flatten "evidence/sha256/${name##*/}" "$part"; done <"$work/parts"
{ table fetched kept sha256 | awk '$1 == "true" { print $2 }'
  values 'I+/((inputs|lists|keys)/[0-9]+/sha256|signed/[0-9]+/(text|signature)|parts/[0-9]+|run/system/.*/keyring)'
} | awk '$0 && !seen[$0]++' >"$work/names"
awk 'length($0) != 64 || /[^0-9a-f]/ { exit 1 }' "$work/names" || refuse 'a file is not named by its SHA-256.'
cd evidence/sha256 || refuse 'there is no evidence/sha256.'
awk '{ print $0 "  " $0 }' "$work/names" | sha256sum -c 2>/dev/null >"$work/checked" ||
  { awk -F : '$2 != " OK" { print $1 ": changed or missing" }' "$work/checked" >"$work/why"; refuse 'the evidence:'; }
{ printf '%s\n' *; awk -F / '/^R\/predicate\/evidence\/.*\/kind\t/ { print substr($4, 8) }' "$work/flat"; } |
  awk 'NR == FNR { named[$0]; next } !($0 in named)' "$work/names" - >"$work/why"
[ ! -s "$work/why" ] || refuse 'these files of the evidence are named by no index:'
# 4. What upstreams and rebuilders signed. An attacker would have us read what nobody signed: so read is only what gpgv
# verified (the text that it wrote itself, or the file beside the signature). A key of version 6 spoils its keyring.
# Facts: lists RELEASE FILE SHA-256; says STATEMENT FILE SHA-256; has INDEX NAME VERSION SHA-256 ARCHITECTURE.SUFFIX
table fetched sha256 url | awk '{ print "fetched", $0 }' >>"$work/facts"
table keys fingerprint sha256 | while read -r name key; do [ ${#name} != 40 ] || cat "$key"; done >"$work/keys.gpg"
awk -F '\t' 'split($1, p, "/") && p[3] == "evidence" { d = substr(p[4], 8); if (p[5] == "kind") kind[d] = $2
  if (p[5] == "url") url[d] = $2 } END { # lines of kind, document, and the signature beside it or -
    for (d in kind) if (kind[d] ~ /^(release|buildinfo|sha256sums)$/) { print kind[d], d, "-"
      for (s in kind) if (kind[s] == kind[d] "-signature" && index(url[s], url[d]) == 1) print kind[d], d, s } }' \
  "$work/flat" >"$work/documents"
DEB822='{ v = $0 } /^[^ \t]/ { on = tolower($0); sub(/[ \t]*:.*/, "", on); sub(/^[^:]*:/, "", v) } { n = split(v, w) }'
FIELDS="{ sub(/\r\$/, \"\") } NR > 1 && /^\$/ { exit } $DEB822"' n == 3 &&
 on == (kind == "release" ? "sha256" : "checksums-sha256") {print kind == "release" ? "lists" : "says", d, w[3], w[1] }'
SUMS='/^[0-9a-f]+ [ *]/ { f = substr($0, 67); sub(/.*\//, "", f); if (f ~ /^[!-~]+$/) print "says", d, f, $1 }'
while read -r kind doc sig; do [ ! -e "$work/read.$doc" ] || continue
  if [ "$sig" = - ]; then text=$work/text.$doc; verify "$work/keys.gpg" --output "$text" "$doc"
  else text=$doc; verify "$work/keys.gpg" "$sig" "$doc"; fi
  case $kind in sha256sums) read=$SUMS ;; *) read=$FIELDS ;; esac; echo "blind $doc $blind"
  [ -s "$work/by" ] || continue; : >"$work/read.$doc"; awk -v d="$doc" '{ print "signed", d, $0 }' "$work/by"
  awk -v d="$doc" -v kind="$kind" "$read" "$text"; done <"$work/documents" >>"$work/facts"
awk '$1 == "lists" && $3 ~ /(^|\/)(Packages|Sources)(\.xz|\.gz)?$/ && $4 !~ /[^0-9a-f]/ { sub(/.*\//, "", $3)
  if (!seen[$4 $3]++) print $4, $3 }' "$work/facts" >"$work/indexes"
while read -r doc name; do [ -f "$doc" ] || continue
  case $name in *.xz) xz -dc <"$doc" ;; *.gz) gzip -dc <"$doc" ;; *) cat "$doc" ;; esac 2>/dev/null |
    awk -v d="$doc" -v source="${name%%[!S]*}" 'function stanza() { sub(/^0+:/, "", f["version"])
      what = source ? "source.dsc" : f["architecture"] (f["filename"] ~ /\.udeb$/ ? ".udeb" : ".deb")
      if ("sha256" in f) print "has", d, tolower(f["package"]), f["version"], f["sha256"], what; split("", f) }
    $0 == "" { stanza(); next } '"$DEB822"' /^[^ \t]/ && !(on in f) { f[on] = w[1] }
    source && on == "checksums-sha256" && w[3] ~ /\.dsc$/ { f["sha256"] = w[1] } END { stanza() }'
done <"$work/indexes" >>"$work/facts"
values 'I+/lists/[0-9]+/sha256' | while read -r list; do awk '{ n = split($0, p, /[^0-9a-f]+/)
  for (i = 1; i <= n; i++) if (length(p[i]) == 64) print "used", p[i] }' "$list"; done >>"$work/facts"
# 5. What the report says, against the facts. An attacker would call a package proven by a key of somebody else, by one
# rebuilder under two names, or by an index of other bytes, count wrong, or write what is no number, time or verdict. So
# its own evidence counts, and keys named for its archive; what is read has its form. q: type and value, r: the value.
awk 'function wrong(text) { wrongs++; lines = lines "  WRONG: " text "\n" }
function unsure(text) { unsures++; lines = lines "  NOT CHECKED: " text "\n" }
function lacks(text) { if (closed) unsure(text ", but a file of it cannot be read"); else wrong(text) }
function form(path, like) { if (q[path] !~ "^(" like ")$") wrong("the report has no right " path) }
function same(path, value) { if (q[path] != value) wrong("the evidence has another " path " than the report") }
function rests(key, whose) { if (!shown[key, whose]++) keys = keys "  Rests on key: " key ", " whose "\n" }
FS == "\t" { split($1, p, "/"); path = $1; v = $3 $2; n = p[4]
  if (sub(/^I+\//, "", path)) { if (path in told && told[path] != v && path !~ /path$/) v = "parts differ"
    told[path] = v; next } sub(/^R\/predicate\//, "", path); q[path] = v; r[path] = $2
  if (p[3] == "packages" && n != "" && n >= size) size = n + 1; if (p[3] != "archives") next
  if (p[5] == "name") number[$2] = n; if (p[5] == "url") place[n] = $2; if (p[5] == "unread" && p[6] != "") partial = 1
  if (p[5] == "upstreams" && p[7] == "keys") upstream[n, $2] = upstream["any", $2] = 1
  if (p[5] == "unproven" && p[6] == "action" && $2 == "fail") held[n]
  if (p[5] == "rebuilders" && p[8] == "keys" && !((n, $2) in party)) party[n, $2] = p[7]; next }
$1 == "fetched" { urls[$2] = urls[$2] " " $3 } $1 == "used" { used[$2] }
$1 == "signer" { keys = keys "  Report signed by: " $2 ($3 ? ", a key that has expired since" : "") "\n" }
$1 == "blind" { blind[$2] = $3 } $1 == "says" { said[$2, $3] = said[$2, $3] " " $4 }
$1 == "signed" { blind[$2] = 0; signers[$2] = signers[$2] " " $3 }
$1 == "lists" { signers[$4] = signers[$4] signers[$2]; if ($3 ~ /\.(bz2|zst|lzma)$/) packed[$4]
  for (n in place) if (index(urls[$2], " " place[n])) serves[$4, n] }
$1 == "has" { for (i = 2; i--; sub(/^[0-9]+:/, "", $4)) has[$2, $3 " " $4, $5] = has[$2, $3 " " $4, $5] " " $6 }
END { hex = "[0-9a-f]"; for (i = 6; i--;) hex = hex hex; at = told["run/at"]; sub(/[.][0-9]+Z$/, "Z", at)
  form("R/_type", "\"https://in-toto.io/Statement/v1"); form("R/predicateType", "\"urn:debproof:report:v1")
  form("at", "\"[0-9]+-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")
  if (at ~ /-(02-3.|(04|06|09|11)-31)T/ || (at ~ /-02-29/ && substr(at, 2, 4) % 4)) wrong("its clock is on no day")
  form("policy/sha256", "\"" hex); same("release", told["run/release"]); same("at", at)
  for (i = 0; (I = "inputs/" i "/") "path" in told; i++)
    if (told[I "path"] == "\"policy") same("policy/sha256", told[I "sha256"]); counts["total"] = size
  about = "images/0/name" in told ? "images/" : "lists/"; field = about ~ /^i/ ? "/name" : "/path"
  for (i = 0; (S = "R/subject/" i "/") "name" in q || about i field in told; i++) { name = told[about i field]
    if (field == "/path") sub(/^.*\//, "\"", name); sum = told[about i "/sha256"]; same(S "digest/sha256", sum)
    same(S "name", name); keys = "  About: " r[S "name"] " sha256:" r[S "digest/sha256"] "\n" keys }
  for (i = 0; i < size; i++) { P = "packages/" i "/"; pack = r[P "name"] " " r[P "version"]; arch = r[P "architecture"]
    id = pack " " arch; sha = r[P "sha256"]; form(P "name", "\"[a-z0-9][a-z0-9+._-]*"); form(P "version", "\"[!-~]+")
    form(P "architecture", "\"[!-~]+|null"); form(P "kind", "\"" (arch == "source" ? arch : "binary"))
    form(P "sha256", "\"" hex "|null"); form(P "hashFrom", "\"(deb|list|apt-lists|archive)|null")
    form(P "verdict", "\"(identical|reproduced|excepted|mismatch|unproven|unlisted|forbidden|undecided)")
    archive = r[P "archive"]; form(P "archive", "\".+|null"); n = number[archive]; A = "archives/" n "/"
    verdict = r[P "verdict"]; counts[verdict]++; from = r[P "hashFrom"]; if (from !~ /^(deb|list)$/) listings = 1
    if (verdict !~ /^(identical|reproduced)$/) { unsure(id ": " verdict ": " r[P "reason"]); continue }
    split("", agreed); split("", listed); served = closed = other = agree = 0; proof = contrary = ""; file = id ".deb"
    what = id ": " verdict ", but "; role = r[A "require"] == "identical" ? "upstream of " archive : "an upstream"
    if (archive != "" && r[A "require"] !~ /^(identical|reproduced)$/) wrong(what archive " may give none")
    for (j = 0; P "evidence/" j in r; j++) { e = substr(r[P "evidence/" j], 8); kind = r["evidence/sha256:" e "/kind"]
      if (kind == "") wrong(what "the report does not name " e); if (blind[e] || e in packed) closed = 1
      if (blind[e] || kind ~ /^(dsse|rebuilderd|in-toto)/) other = 1
      for (k = split(has[e, pack, sha], each, " "); k; k--) { split(each[k], p, "."); if ((e, n) in serves) served = 1
        if (arch == "" || p[1] == arch || p[1] == "all") { listed[e]; file = pack " " each[k] } } }
    for (gsub(/ ([0-9]+:)?/, "_", file); j--;) { e = substr(r[P "evidence/" j], 8)
      for (k = split(signers[e], key, " "); k; k--) { who = party[n, key[k]]
        if (e in listed && ((role ~ / of / ? n : "any"), key[k]) in upstream) proof = key[k]
        if (who != "") for (h = split(said[e, file], hash, " "); h; h--) if (hash[h] != sha) contrary = who
          else if (!(who in agreed)) { agree++; agreed[who] = key[k] } } }
    if (from == "apt-lists") unsure(id ": that apt was given this SHA-256")
    else if (from == "archive" ? !served : !(sha in used)) lacks(what "nothing that the build used (" from ") has " sha)
    if (verdict == "identical") { if (proof) rests(proof, role); else lacks(what "no " role " signed it"); continue }
    R = A "rebuilders/"; need = r[R "threshold"]; if (need != "") form(R "threshold", "[1-9][0-9]*")
    for (who in agreed) rests(agreed[who], "rebuilder " r[R "parties/" who "/name"] ", one of " need)
    if (contrary != "") wrong(what r[R "parties/" contrary "/name"] " got other bytes")
    else if (need == "" || q[R "sourceRequired"] != "false") unsure(id ": needs a layout or source")
    else if (agree < need && other) unsure(id ": reproduced: needs statements or keys that gpgv cannot read")
    else if (agree < need) wrong(what "only " agree " of " need " rebuilders signed " file " with " sha) }
  for (i = split("total identical reproduced excepted mismatch unproven unlisted forbidden undecided", l); i; i--)
    if (q[c = "counts/" l[i]] != counts[l[i]] + 0 "") wrong("it counts " r[c] " " l[i] ", and has " counts[l[i]] + 0)
  if ("shard/index" in r) unsure("the other parts: this is part " r["shard/index"] " of " r["shard/of"])
  else if (!counts["total"]) partial = listings = 1; partial += r["otherArchives/action"] == "fail"
  for (n in held) { A = "archives/" n; U = A "/unproven/"; unsure("which files of " r[A "/name"] " nobody vouches for")
    if (r[U "count"] ? (U "unread/0") in r : (A "/unread/0/code") in r) open = 1; else refused += r[U "count"] }
  verdict = counts["undecided"] || open || (partial && listings) ? "undecided" : "pass"
  if (refused + counts["mismatch"] + counts["unproven"] + counts["unlisted"] + counts["forbidden"]) verdict = "fail"
  if (q["verdict"] != "\"" verdict) wrong("the report says " r["verdict"] ", and its packages make " verdict)
  status = wrongs || verdict == "fail" ? 1 : verdict == "pass" && !unsures ? 0 : 3
  if (wrongs) print "REFUSED: the report does not follow from its evidence: do not rely on it."
  else if (status == 1) print "FAIL: nothing is wrong with the report, and it says fail: do not release."
  else if (status == 3) print "UNDECIDED: nothing is wrong, but not all could be checked; the report says " verdict "."
  else print "AGREED: all " counts["total"] " verdicts follow from the evidence; the report says pass."
  lines = lines keys "  Under policy: sha256:" r["policy/sha256"]
  gsub(/[^ -~\n]/, "?", lines); print lines; exit status }' FS='\t' "$work/flat" FS=' ' "$work/facts"
