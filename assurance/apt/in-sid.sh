#!/bin/sh
# Runs parity.ts in a chroot of Debian sid, whose apt checks signatures with sqv or with gpgv, or another program that
# asks apt. As root:
#
#     sh assurance/apt/in-sid.sh FOLDER [options of parity.ts]
#     PROGRAM=assurance/choice/choice.ts sh assurance/apt/in-sid.sh FOLDER [options of choice.ts]
#
# FOLDER is made with mmdebstrap where it is not there yet. The mirror is the one of this system's apt sources.
# Where the mirror lacks the source of sid's apt, that of testing is taken: its tests are nearly the same.
set -eu
here=$(readlink -f "$(dirname "$0")/../..")
chroot=$1
shift
mirror=$(apt-get indextargets --no-release-info --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
if [ ! -e "$chroot/etc/debian_version" ]; then
	# A mirror that is updated seldom may be past its Valid-Until.
	mmdebstrap --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' --include="$(echo '
		apt-utils bzip2 curl dpkg-dev expect fakeroot g++ gnupg gpgv jq libapt-pkg-dev libfile-fcntllock-perl lsof lz4
		moreutils sq sqv stunnel4 wget xz-utils zstd' | tr -s '\n\t ' ',' | sed 's/^,//; s/,$//')" \
		sid "$chroot" "$mirror"
fi
mkdir -p "$chroot/debproof"
unmount() {
	umount "$chroot/debproof" "$chroot/dev" "$chroot/proc" || true
}
trap unmount EXIT
mount --bind /proc "$chroot/proc"
mount --bind /dev "$chroot/dev"
mount --bind "$here" "$chroot/debproof"
cp /etc/resolv.conf /etc/hosts "$chroot/etc/"
# The binary itself: what is in .bin may be a link to another place.
node=$(find "$here/node_modules" -path '*/node-linux-*/bin/node' -type f | head -n 1)
if [ "${PROGRAM:-}" ]; then
	chroot "$chroot" "/debproof${node#"$here"}" "/debproof/$PROGRAM" "$@"
else
	chroot "$chroot" "/debproof${node#"$here"}" /debproof/assurance/apt/parity.ts --suite testing "$@"
fi
