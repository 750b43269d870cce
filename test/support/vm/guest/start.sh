#!/bin/sh
# In the image: whatever starts the machine runs this once, late. What is to be done comes on the disk `payload`, which
# stays mounted for the command and the emulators only.
mkdir -p /payload /var/lib/anyarch-test
mount -t ext4 -o ro LABEL=payload /payload
cp -r /payload/scripts /payload/probes /var/lib/anyarch-test/
exec /bin/sh /var/lib/anyarch-test/scripts/harness.sh
