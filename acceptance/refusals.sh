#!/bin/bash
# What must not be done is not done: the right exit code, one clear line, and nothing written.

# shellcheck source=acceptance/session.sh
. "$(dirname "$0")/session.sh"

WRONG_NAME=2   # what is not there has not failed: the operator named the wrong one

# refused TEXT CODE GUARDED COMMAND...: runs on the master's host; GUARDED is a file or device that must stay as it is, or -
refused() {
    local text=$1 code=$2 guarded=$3 before='' lines
    shift 3
    [[ $guarded == - ]] || before=$(digest "$guarded")
    start refused m "$@"
    outcome refused 30
    lines=$(complaints | wc -l)
    if [[ $CODE == "$code" && $lines == 1 ]]; then
        pass "$text: exit code $code: $(complaints | cut -c1-150)"
    else
        fail "$text: exit code $CODE with $lines lines, expected $code with one"
        show refused
    fi
    [[ $guarded == - ]] || check "$text: nothing is written" same "$(digest "$guarded")" "$before"
}

# What was said, without what is said in any case
complaints() { said refused | grep -Ev '^(listening|waiting|plan:|  )|^$' || true; }

# Pages that the kernel has written to swap so far
swapped_out() { awk '$1 == "pswpout" { print $2 }' /proc/vmstat; }

begin 300 openssl mkfs.ext4 mkswap
lan_up 1

head -c $((16 * MIB)) /dev/urandom >"$WORK/source"
"$MASTER" --quiet --yes --upload "$WORK/good.img" --disk "$WORK/source" >"$WORK/log/upload" 2>&1 || { fail "upload"; cat "$WORK/log/upload"; finish; }
truncate -s 16M "$WORK/target" "$WORK/device" "$WORK/device4k"
truncate -s 15M "$WORK/small"

# A device in use
attach "$WORK/device" 512
device=$DEV
mkfs.ext4 -q -F "$device"
mkdir "$WORK/mnt"
mount -o ro "$device" "$WORK/mnt"
refused "slave, mounted target" 15 "$WORK/device" "$SLAVE" --yes --wait 5s "$device"
refused "mode 4, mounted target" 15 "$WORK/device" "$MASTER" --yes --download "$WORK/good.img" --disk "$device"
unmount "$WORK/mnt"
mkswap -q "$device"
if swapon "$device" 2>/dev/null; then
    refused "slave, target is swap" 15 - "$SLAVE" --yes --wait 5s "$device"
    # The kernel writes there when it likes: what the program did shows only while it does not.
    quiet=no
    for _ in 1 2 3 4 5; do
        swapped=$(swapped_out)
        before=$(digest "$WORK/device")
        start refused m "$SLAVE" --yes --wait 5s "$device"
        outcome refused 30
        after=$(digest "$WORK/device")
        if [[ $(swapped_out) == "$swapped" ]]; then
            quiet=yes
            break
        fi
    done
    if [[ $quiet == yes ]]; then
        check "slave, target is swap: nothing is written" same "$after" "$before"
    else
        skip "slave, target is swap: the kernel wrote to it each time"
    fi
    swapoff "$device"
else
    skip "target is swap: this machine takes no swap"
fi
refused "mode 4, device without --yes and without a terminal" 15 "$WORK/device" "$MASTER" --download "$WORK/good.img" --disk "$device"
refused "slave, device without --yes and without a terminal" 15 "$WORK/device" "$SLAVE" --wait 5s "$device"
dirty "$WORK/target"
refused "mode 4, file that holds something, without --yes and without a terminal" 15 "$WORK/target" \
    "$MASTER" --download "$WORK/good.img" --disk "$WORK/target"
refused "slave, file that holds something, without --yes and without a terminal" 15 "$WORK/target" "$SLAVE" --wait 5s "$WORK/target"
attach "$WORK/target" 512 0 $((16 * MIB)) -r
refused "mode 4, read-only target" 15 "$WORK/target" "$MASTER" --yes --download "$WORK/good.img" --disk "$DEV"
detach "$DEV"

# What does not fit
refused "mode 4, target too small" 10 "$WORK/small" "$MASTER" --yes --download "$WORK/good.img" --disk "$WORK/small"
attach "$WORK/device4k" 4096
refused "mode 4, other sector size" 10 "$WORK/device4k" "$MASTER" --yes --download "$WORK/good.img" --disk "$DEV"
TARGET[1]=$WORK/small
before=$(digest "$WORK/small")
session 60 --broadcast --disk "$WORK/source" --wait 4s
ended "slave too small: nobody is left to send to" 13 10
check "slave too small: nothing is written" same "$(digest "$WORK/small")" "$before"

# What is not there
refused "upload, missing device" "$WRONG_NAME" - "$MASTER" --yes --upload "$WORK/new.img" --disk "$WORK/absent"
refused "mode 4, missing device" "$WRONG_NAME" - "$MASTER" --yes --download "$WORK/good.img" --disk /dev/absent
refused "slave, missing device" "$WRONG_NAME" - "$SLAVE" --yes --wait 5s /dev/absent
refused "mode 4, missing image" "$WRONG_NAME" "$WORK/target" "$MASTER" --yes --download "$WORK/absent.img" --disk "$WORK/target"
refused "upload into a missing folder" "$WRONG_NAME" - "$MASTER" --yes --upload "$WORK/absent/new.img" --disk "$WORK/source"
check "no image is left behind" test ! -e "$WORK/new.img"
check "no half image is left behind" test -z "$(find "$WORK" -name 'new.img*')"

# What is no image
head -c "$MIB" /dev/urandom >"$WORK/noise.img"
: >"$WORK/empty.img"
refused "mode 4, image of noise" 11 "$WORK/target" "$MASTER" --yes --download "$WORK/noise.img" --disk "$WORK/target"
refused "mode 4, empty image" 11 "$WORK/target" "$MASTER" --yes --download "$WORK/empty.img" --disk "$WORK/target"
refused "mode 6, image of noise" 11 - "$MASTER" --yes --download "$WORK/noise.img" --broadcast --wait 2s
refused "info, image of noise" 11 - "$MASTER" info "$WORK/noise.img"

# An image that is there already
refused "upload over an image" 15 "$WORK/good.img" "$MASTER" --yes --upload "$WORK/good.img" --disk "$WORK/source"
refused "upload of an image's own file" 15 "$WORK/source" "$MASTER" --yes --force --upload "$WORK/source" --disk "$WORK/source"

# Nobody there
refused "slave without a master" 13 "$WORK/target" "$SLAVE" --yes --wait 2s "$WORK/target"
refused "master without a slave" 13 "$WORK/source" "$MASTER" --yes --broadcast --disk "$WORK/source" --wait 2s

# Wrong usage
refused "no mode and no terminal" 2 - "$MASTER"
refused "unknown option" 2 - "$MASTER" --upload "$WORK/new.img" --disk "$WORK/source" --fast
refused "upload and download at once" 2 - "$MASTER" --upload "$WORK/new.img" --download "$WORK/good.img" --disk "$WORK/source"
refused "no disk" 2 - "$MASTER" --upload "$WORK/new.img"
refused "unknown codec" 2 - "$MASTER" --upload "$WORK/new.img" --disk "$WORK/source" --codec best
refused "wrong rate" 2 - "$MASTER" --broadcast --disk "$WORK/source" --rate fast
refused "wrong group" 2 - "$MASTER" --broadcast --disk "$WORK/source" --group 10.0.0.1
refused "slave without a disk" 2 - "$SLAVE"
refused "slave with two disks" 2 - "$SLAVE" "$WORK/target" "$WORK/small"
refused "missing partition" 10 - "$MASTER" --upload "$WORK/new.img" --disk "$WORK/source" --partition 7
check "no image is left behind by any of these" test -z "$(find "$WORK" -name 'new.img*')"

# --plan only says
refused_plan() {
    local before
    before=$(digest "$WORK/target")
    start plan m "$MASTER" --plan --download "$WORK/good.img" --disk "$WORK/target"
    outcome plan 30
    check "--plan: exit code" same "$CODE" 0
    check "--plan: names the target" grep -q "$WORK/target" "$WORK/log/plan.err" "$WORK/log/plan.out"
    check "--plan: nothing is written" same "$(digest "$WORK/target")" "$before"
}
refused_plan
finish
