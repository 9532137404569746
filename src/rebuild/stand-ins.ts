/**
 * The two programs that debrebuild finds on PATH instead of Debian's own, and the configuration of sbuild. They hold
 * no build logic: one says where the build dependencies come from, the other hands over a file.
 */

/**
 * `debootsnap` (devscripts): makes the chroot with exactly the packages of Installed-Build-Depends. Debian's own asks
 * metasnap.debian.net and snapshot.debian.org, with fixed names; this one asks the apt sources that it is given, so
 * that a project's own snapshots and its custom archive serve the build.
 *
 * The pins make apt choose the versions also for the essential packages, which are installed before all others. apt
 * and fakeroot are what sbuild needs, and are of the sources' newest version where the build did not have them. The
 * chroot is left without any source: what is built cannot come from elsewhere.
 *
 * Called by debrebuild as `debootsnap --buildinfo=FILE OUTPUT.tar`. Needs in the environment:
 * DEBPROOF_BUILD_SOURCES, apt sources; DEBPROOF_CHROOT_CACHE, a folder that keeps the last chroot of a run.
 */
export const DEBOOTSNAP = `#!/bin/sh
set -eu
buildinfo= output= list=
for argument in "$@"; do
  case $argument in
    --buildinfo=*) buildinfo=\${argument#--buildinfo=} ;;
    --sources-list-only) list=yes ;;
    --cache=*) ;;
    -*) echo "debootsnap: unknown option $argument" >&2; exit 2 ;;
    *) output=$argument ;;
  esac
done
sources=$DEBPROOF_BUILD_SOURCES
if [ -n "$list" ]; then exec cat "$sources"; fi
if [ -z "$buildinfo" ] || [ -z "$output" ]; then echo 'debootsnap: --buildinfo=FILE OUTPUT is missing' >&2; exit 2; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
# Lines of " name (= version)," or " name:architecture (= version),".
awk '
  /^[^ \\t]/ { inside = tolower($1) == "installed-build-depends:" }
  inside && /^[ \\t]/ { gsub(/[(),]/, ""); print $1, $3 }
' "$buildinfo" > "$work/packages"
if [ ! -s "$work/packages" ]; then echo "debootsnap: $buildinfo has no Installed-Build-Depends" >&2; exit 2; fi
native=$(awk 'tolower($1) == "build-architecture:" { print $2 }' "$buildinfo")
foreign=$(awk -v native="$native" '{ split($1, part, ":") } part[2] != "" && part[2] != "all" && part[2] != native { print part[2] }' "$work/packages" | sort -u)
awk '{ sub(/:all$/, "", $1); print "Package: " $1 "\\nPin: version " $2 "\\nPin-Priority: 1001\\n" }' "$work/packages" > "$work/preferences"
include=$(awk '{ sub(/:all$/, "", $1); printf "%s%s=%s", separator, $1, $2; separator = "," }' "$work/packages")
key=$(cat "$work/packages" "$sources" | sha256sum | cut -d' ' -f1)
cached=$DEBPROOF_CHROOT_CACHE/$native-$key.tar
if [ -e "$cached" ]; then
  echo "debootsnap: the same chroot as before"
else
  rm -f "$DEBPROOF_CHROOT_CACHE"/*.tar
  mmdebstrap \\
    --variant=essential \\
    --format=tar \\
    --architectures="$(echo "$native" $foreign | tr ' ' ,)" \\
    --include="apt,fakeroot,$include" \\
    --aptopt='Acquire::Check-Valid-Until "false"' \\
    --aptopt='Acquire::Languages "none"' \\
    --dpkgopt=force-unsafe-io \\
    --setup-hook="copy-in '$work/preferences' /etc/apt/preferences.d" \\
    --customize-hook='rm -rf "$1"/etc/apt/preferences.d/preferences "$1"/etc/apt/sources.list.d/*' \\
    --customize-hook=': > "$1"/etc/apt/sources.list' \\
    '' "$cached.part" "$sources"
  mv "$cached.part" "$cached"
fi
ln "$cached" "$output"
`

/**
 * `sbuild`: debrebuild of Debian 12 names the source package and leaves it to apt in the chroot to find one; later
 * ones name the .dsc. In either case the last argument becomes the .dsc that was held against the signed index.
 *
 * Needs in the environment: DEBPROOF_DSC, that file; DEBPROOF_SBUILD, the real sbuild.
 */
export const SBUILD = `#!/bin/sh
set -eu
count=$#
for argument in "$@"; do
  shift
  count=$((count - 1))
  if [ "$count" -eq 0 ]; then argument=$DEBPROOF_DSC; fi
  set -- "$@" "$argument"
done
exec "$DEBPROOF_SBUILD" "$@"
`

/** sbuild.conf(5), in place of the user's own: nothing but the build, with its log on standard output. */
export const SBUILD_CONFIG = `$apt_update = 0;
$clean_source = 0;
$nolog = 1;
$run_lintian = 0;
$run_piuparts = 0;
$run_autopkgtest = 0;
$unshare_tmpdir_template = "$ENV{TMPDIR}/sbuild.XXXXXXXXXX";
1;
`
