#!/bin/sh
# Makes examples/release anew from a mirror of Debian's security archive:
#   sh examples/make-release.sh http://security.debian.org/debian-security
# Needs curl, xz, gpg, dpkg-deb and apt-ftparchive (Debian: curl xz-utils gnupg dpkg apt-utils).
set -eu
mirror=$1
suite=trixie-security
packages='linux-headers-amd64 linux-image-amd64 qemu-user-binfmt postfix-sqlite roundcube libmagickwand-dev'

cd "$(dirname "$0")"
rm -rf release/upstream release/snapshot release/own release/rebuilders release/keys
mkdir -p "release/upstream/dists/$suite/main/binary-amd64" "release/snapshot/dists/$suite/main/binary-amd64" release/keys
cd release

# The upstream: what Debian signed, byte for byte.
curl -sSf -o "upstream/dists/$suite/InRelease" "$mirror/dists/$suite/InRelease"
curl -sSf -o "upstream/dists/$suite/main/binary-amd64/Packages.xz" "$mirror/dists/$suite/main/binary-amd64/Packages.xz"
xz -dc "upstream/dists/$suite/main/binary-amd64/Packages.xz" >all-packages

# The project's snapshot of it: the files that the build used.
for name in $packages; do
  path=$(awk -v RS= -v name="$name" -F'\n' '$1 == "Package: " name {
    for (i = 1; i <= NF; i++) if ($i ~ /^Filename: /) file = substr($i, 11) } END { print file }' all-packages)
  mkdir -p "snapshot/$(dirname "$path")"
  curl -sSf -o "snapshot/$path" "$mirror/$path"
done
rm all-packages

# The project's own archive: one package that the project builds.
control='Package: example-greeting
Version: 1.0-1
Architecture: all
Maintainer: Example project <project@example.org>
Description: a greeting that the example project builds itself'
deb=example-greeting_1.0-1_all.deb
mkdir -p build/DEBIAN build/usr/share/example-greeting own/pool own/dists/example/main/binary-amd64
echo "$control" >build/DEBIAN/control
echo 'Hello from the example.' >build/usr/share/example-greeting/greeting
find build -exec touch --date=@1780000000 '{}' +
SOURCE_DATE_EPOCH=1780000000 dpkg-deb --root-owner-group --build build "own/pool/$deb" >/dev/null
rm -r build

index() { # FOLDER CODENAME: Packages, Packages.gz, and the release file to be signed
  (
    cd "$1"
    apt-ftparchive packages pool >"dists/$2/main/binary-amd64/Packages"
    gzip -9nk "dists/$2/main/binary-amd64/Packages"
    apt-ftparchive -o APT::FTPArchive::Release::Origin=Example -o APT::FTPArchive::Release::Codename="$2" \
      -o APT::FTPArchive::Release::Suite="$2" -o APT::FTPArchive::Release::Components=main \
      -o APT::FTPArchive::Release::Architectures=amd64 -o APT::FTPArchive::Release::MD5=no \
      -o APT::FTPArchive::Release::SHA1=no -o APT::FTPArchive::Release::SHA512=no release "dists/$2" >"../Release.$1"
  )
}
index snapshot "$suite"
index own example

# Two rebuilders, who would build it from its source each on a machine of their own. One publishes a .buildinfo, the
# other a SHA256SUMS.
sha256=$(sha256sum "own/pool/$deb" | cut -d ' ' -f 1)
mkdir -p rebuilders/alpha rebuilders/beta
cat >alpha.buildinfo <<END
Format: 1.0
Source: example-greeting
Binary: example-greeting
Architecture: all
Version: 1.0-1
Checksums-Sha256:
 $sha256 $(wc -c <"own/pool/$deb") $deb
Build-Origin: Debian
Build-Architecture: amd64
Installed-Build-Depends:
 dpkg-dev (= 1.22.21)
END
echo "$sha256  $deb" >beta.sums

# Throwaway keys: of the project's snapshot and its own archive, of reports, of the rebuilders. They protect nothing.
GNUPGHOME=$(mktemp -d)
export GNUPGHOME
for user in 'Example project snapshot' 'Example project archive' 'Example report' 'Alpha rebuilder' 'Beta rebuilder'; do
  gpg --batch --quiet --passphrase '' --quick-generate-key "$user" ed25519 sign never
done
gpg --batch --quiet --armor --export 'Example project snapshot' >keys/project.asc
gpg --batch --quiet --armor --export 'Example project archive' >keys/own.asc
gpg --batch --quiet --armor --export-secret-keys 'Example report' >keys/report-signing-key.asc
gpg --batch --quiet --armor --export 'Example report' >keys/report.asc
gpg --batch --quiet --armor --export 'Alpha rebuilder' >keys/alpha.asc
gpg --batch --quiet --armor --export 'Beta rebuilder' >keys/beta.asc
sign() { # USER FILE OUTPUT
  gpg --batch --quiet --local-user "$1" --clearsign --output "$3" "$2"
}
sign 'Example project snapshot' Release.snapshot "snapshot/dists/$suite/InRelease"
sign 'Example project archive' Release.own own/dists/example/InRelease
sign 'Alpha rebuilder' alpha.buildinfo rebuilders/alpha/example-greeting_1.0-1_all.buildinfo
sign 'Beta rebuilder' beta.sums rebuilders/beta/SHA256SUMS
gpgconf --kill all
rm -rf "$GNUPGHOME" Release.snapshot Release.own alpha.buildinfo beta.sums

# The list of the build: what `dpkg-query -W` prints in the image.
for file in $(find snapshot/pool own/pool -name '*.deb' | sort); do
  dpkg-deb --show --showformat '${Package}\t${Version}\n' "$file"
done >example-1.0.packages
echo "Now set --at in package.json to a time at or after: $(sed -n 's/^Date: //p' "snapshot/dists/$suite/InRelease")"
