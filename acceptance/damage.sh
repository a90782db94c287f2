#!/bin/bash
# Damaged images: cut at random places, and with single bits flipped. `verify` must find each, every download mode must end with the
# code of a malformed image, the message must name the place, and no slave may report success. Damaged disks: sectors that cannot be
# read must end as zeros on every target, be listed right to the sector, and cost nothing else.

# shellcheck source=acceptance/session.sh
. "$(dirname "$0")/session.sh"

MALFORMED=11                    # exit code of a malformed or damaged image
CUTS=${CUTS:-20}
FLIPS=${FLIPS:-200}
DOWNLOADS=${DOWNLOADS:-8}       # how many of them go through each of the modes 4, 5 and 6
SEED=${SEED:-$RANDOM}
TOGETHER=20                     # images for one start of the program

# Writes one line per damage: "cut BYTES" or "flip BYTE BIT", in an order that mixes both
damages() {
    awk -v seed="$SEED" -v size="$SIZE" -v cuts="$CUTS" -v flips="$FLIPS" 'BEGIN {
        srand(seed)
        for (i = 0; i < cuts; i++) print rand(), "cut", int(rand() * size)
        for (i = 0; i < flips; i++) print rand(), "flip", int(rand() * size), int(rand() * 8)
    }' | sort | cut -d' ' -f2-
}

# damage FILE KIND PLACE [BIT]
damage() {
    cp --reflink=never "$WORK/good.img" "$1"
    if [[ $2 == cut ]]; then
        truncate -s "$3" "$1"
    else
        local byte
        byte=$(od -An -tu1 -j "$3" -N1 "$1")
        # shellcheck disable=SC2059
        printf "\\x$(printf %x $((byte ^ (1 << $4))))" | dd of="$1" bs=1 seek="$3" conv=notrunc status=none
    fi
}

# Whether the error says where
PLACE='(byte|offset|track|length) [^ ]*[0-9]'
names_place() { grep -Eiq "$PLACE" "$WORK/log/$1.err"; }

# Many images at once, because most of the time of one is the start of the program.
verify_all() {
    local what count=0 missed=0 unnamed=0 batch=()
    while read -r what; do
        count=$((count + 1))
        # shellcheck disable=SC2086
        damage "$WORK/bad$count.img" $what
        batch+=("$count $what")
        ((${#batch[@]} < TOGETHER)) || { verify_batch; batch=(); }
    done < <(damages)
    ((${#batch[@]} == 0)) || verify_batch
    check "verify finds all of $count damages with exit code $MALFORMED (seed $SEED)" test "$count $missed" = "$((CUTS + FLIPS)) 0"
    check "verify names the place of each" test "$unnamed" = 0
}

# The exit code of each image is in its summary, one a line, in their order.
verify_batch() {
    local each codes images=()
    for each in "${batch[@]}"; do images+=("$WORK/bad${each%% *}.img"); done
    start verify - "$MASTER" verify --json "${images[@]}"
    outcome verify 120
    [[ $CODE == "$MALFORMED" ]] || { missed=$((missed + 1)); note "verify ends with $CODE"; }
    mapfile -t codes < <(sed -n 's/.*"event":"summary".*"exitCode":\([0-9]*\).*/\1/p' "$WORK/log/verify.out")
    for each in "${!batch[@]}"; do
        if [[ ${codes[$each]:-none} != "$MALFORMED" ]]; then
            missed=$((missed + 1))
            note "exit code ${codes[$each]:-none} for: ${batch[$each]#* }"
        elif ! grep -F "${images[$each]}: " "$WORK/log/verify.err" | grep -Eq "$PLACE"; then
            unnamed=$((unnamed + 1))
            note "no place for: ${batch[$each]#* }"
        fi
    done
    rm -f "${images[@]}"
}

# download_all TEXT SLAVE_EXPECTED OPTION...
download_all() {
    local text=$1 with_slave=$2 what wrong=0 count=0
    shift 2
    while read -r what; do
        count=$((count + 1))
        # shellcheck disable=SC2086
        damage "$WORK/bad.img" $what
        [[ -z $with_slave ]] || slave_up 1 --wait 2s
        [[ -z $with_slave ]] || wait_for 30 listens slave1 || true
        master_up --download "$WORK/bad.img" "$@"
        outcome master 60
        ENDED[master]=$CODE
        [[ -z $with_slave ]] || outcome slave1 60
        ENDED[1]=$CODE
        if [[ ${ENDED[master]} != "$MALFORMED" ]] || ! names_place master; then
            wrong=$((wrong + 1))
            note "$text: exit code ${ENDED[master]} for $what: $(tail -1 "$WORK/log/master.err")"
        fi
        if [[ -n $with_slave && ${ENDED[1]} == 0 ]]; then
            wrong=$((wrong + 1))
            note "$text: a slave reports success for $what"
        fi
    done < <(damages | tail -n "$DOWNLOADS")
    check "$text: $count damaged images end with $MALFORMED and a place, and no slave reports success" test "$wrong" = 0
}

# bad_disk NAME LBA:SECTORS...: the disk of the next master has these bad sectors; sets SHIM for it, EXPECTED to what targets must hold,
# and RANGES to what `info --json` must list
bad_disk() {
    local each bytes=()
    EXPECTED=$WORK/$1 RANGES=''
    cp "$WORK/clean" "$EXPECTED"
    for each in "${@:2}"; do
        dd if=/dev/zero of="$EXPECTED" bs=512 seek="${each%:*}" count="${each#*:}" conv=notrunc status=none
        bytes+=("$((${each%:*} * 512)):$((${each#*:} * 512))")
        RANGES+="${RANGES:+ }${each%:*}:${each#*:}"
    done
    SHIM=(env "BADREAD_DISK=$BAD" "BADREAD_BYTES=$(IFS=,; echo "${bytes[*]}")" "LD_PRELOAD=$WORK/badread.so")
}

# bad_master OPTION...: a master that cannot read all of its disk
bad_master() { start master m "${SHIM[@]}" "$MASTER" --yes --json --retries 2 "$@" --disk "$BAD"; }

# has_ranges FILE: whether the last line of JSON in a file lists RANGES, and nothing else
has_ranges() {
    same "$(tail -1 "$1" | sed 's/.*"unreadable"//' | grep -o '"firstLba":[0-9]*,"sectors":[0-9]*[,}]' \
        | sed 's/"firstLba":\([0-9]*\),"sectors":\([0-9]*\).*/\1:\2/' | paste -sd' ')" "$RANGES"
}

# holds_zeros TARGET: whether a target has all that could be read, and zeros in place of the rest
holds_zeros() { cmp "$1" "$EXPECTED"; }

bad_disks() {
    command -v gcc >/dev/null || { skip "disks with bad sectors: needs gcc"; return; }
    gcc -O1 -Wall -Wextra -Werror -shared -fPIC -o "$WORK/badread.so" "$PROJECT/acceptance/badread.c" -ldl
    random_file "$WORK/clean" 8
    printf 'label: gpt\nstart=2048, size=4096\nstart=6144, size=8192\n' | sfdisk -q --no-reread --no-tell-kernel "$WORK/clean"
    attach "$WORK/clean" 512
    BAD=$DEV
    # A copy of the GPT's header, one sector, some across a page and a track, a stretch of 1 MiB
    bad_disk places 1:1 5003:1 6142:4 8190:4 10240:2048
    bad_uploads
    # What is looked at first, and last
    bad_disk ends 0:3 16350:34
    bad_session "mode 3"
    detach "$BAD"
}

bad_uploads() {
    dirty "$WORK/target1"
    bad_master --upload "$WORK/bad1.img"
    outcome master 60
    check "mode 1 of a disk with bad sectors ends with 3" same "$CODE" 3
    check "its summary lists them right to the sector" has_ranges "$WORK/log/master.out"
    "$MASTER" info --json "$WORK/bad1.img" >"$WORK/log/info" || true
    check "so does info --json" has_ranges "$WORK/log/info"
    CODE=0
    "$MASTER" --quiet --yes --download "$WORK/bad1.img" --disk "$WORK/target1" >"$WORK/log/bad4" 2>&1 || CODE=$?
    check "mode 4 of the image ends with 3" same "$CODE" 3
    check "its target has zeros there, and all else" holds_zeros "$WORK/target1"
    bad_session "mode 2" --upload "$WORK/bad2.img"
    check "mode 2: the image is the same" same_content "$WORK/bad2.img"
}

# same_content IMAGE: whether it has the digest of the image that mode 1 made
same_content() {
    local digest
    digest=$(grep -o '"digest":"[^"]*"' "$WORK/log/info") && "$MASTER" info --json "$1" | grep -F "$digest"
}

# bad_session TEXT OPTION...: master and slave, from a disk with bad sectors
bad_session() {
    dirty "$WORK/target1"
    slaves_up || true
    bad_master --broadcast --slaves 1 "${@:2}"
    session_end 60
    ended "$1 of a disk with bad sectors" 3 3
    check "$1: the summary lists them right to the sector" has_ranges "$WORK/log/master.out"
    check "$1: the slave has zeros there, and all else" holds_zeros "$WORK/target1"
}

begin 400 openssl sfdisk
lan_up 1
{ head -c $((3 * MIB)) /dev/urandom; head -c "$MIB" /dev/zero; file_list 1 | xargs cat | head -c "$MIB"; } >"$WORK/source" || true
truncate -s 6M "$WORK/source"
"$MASTER" --quiet --yes --upload "$WORK/good.img" --disk "$WORK/source" >"$WORK/log/upload" 2>&1 || { fail "upload"; cat "$WORK/log/upload"; finish; }
SIZE=$(stat -c %s "$WORK/good.img")
check "the image is good before ($SIZE bytes)" "$MASTER" verify "$WORK/good.img"
truncate -s 6M "$WORK/local" "$WORK/target1"
TARGET[1]=$WORK/target1
verify_all
download_all "mode 4" '' --disk "$WORK/local"
download_all "mode 5" yes --broadcast --disk "$WORK/local" --slaves 1
download_all "mode 6" yes --broadcast --slaves 1
truncate -s 8M "$WORK/target1"
bad_disks
finish
