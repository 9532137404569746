#!/bin/sh
# Makes examples/release anew from a mirror of Debian's security archive:
#   sh examples/make-release.sh http://security.debian.org/debian-security
# Needs curl, xz, gpg and apt-ftparchive (Debian: curl xz-utils gnupg apt-utils).
set -eu
mirror=$1
suite=trixie-security
packages='linux-headers-amd64 linux-image-amd64 qemu-user-binfmt postfix-sqlite roundcube libmagickwand-dev'

cd "$(dirname "$0")"
rm -rf release/upstream release/snapshot release/keys
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
(
  cd snapshot
  apt-ftparchive packages pool >"dists/$suite/main/binary-amd64/Packages"
  gzip -9nk "dists/$suite/main/binary-amd64/Packages"
  apt-ftparchive -o APT::FTPArchive::Release::Origin=Example -o APT::FTPArchive::Release::Codename="$suite" \
    -o APT::FTPArchive::Release::Suite="$suite" -o APT::FTPArchive::Release::Components=main \
    -o APT::FTPArchive::Release::Architectures=amd64 -o APT::FTPArchive::Release::MD5=no \
    -o APT::FTPArchive::Release::SHA1=no -o APT::FTPArchive::Release::SHA512=no release "dists/$suite" >../Release
)
# Two throwaway keys: the project's archive key, and the one that signs reports. They protect nothing.
GNUPGHOME=$(mktemp -d)
export GNUPGHOME
for user in 'Example project archive' 'Example report'; do
  gpg --batch --quiet --passphrase '' --quick-generate-key "$user" ed25519 sign never
done
gpg --batch --quiet --armor --export 'Example project archive' >keys/project.asc
gpg --batch --quiet --armor --export-secret-keys 'Example report' >keys/report-signing-key.asc
gpg --batch --quiet --armor --export 'Example report' >keys/report.asc
gpg --batch --quiet --local-user 'Example project archive' --clearsign --output "snapshot/dists/$suite/InRelease" Release
gpgconf --kill all
rm -rf "$GNUPGHOME" Release

# The list of the build: what `dpkg-query -W` prints in the image.
for file in $(find snapshot/pool -name '*.deb' | sort); do
  dpkg-deb --show --showformat '${Package}\t${Version}\n' "$file"
done >example-1.0.packages
echo "Now set --at in package.json to a time at or after: $(sed -n 's/^Date: //p' "snapshot/dists/$suite/InRelease")"
