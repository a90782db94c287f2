# shellcheck shell=bash
# What the benches share: a LAN of network namespaces, disks, programs in the background, and the count
# of what passed. A script sources this file, calls `begin`, and ends with `finish`. Everything made here is removed by `cleanup`,
# which only touches what this process made.

set -euo pipefail

# A script may source this file by two ways; the second time would start it once more, for ever.
[[ -z ${LIB_SOURCED:-} ]] || return 0
LIB_SOURCED=1

# Mounts of a script are its own: a process elsewhere that copied them would keep a sample file system alive, and the kernel would go on
# writing to it while the programs read it.
if [[ $EUID -eq 0 && -z ${OWN_MOUNTS:-} ]] && command -v unshare >/dev/null; then
    OWN_MOUNTS=1 exec unshare --mount --propagation private -- "$BASH" "$0" "$@"
fi
unset OWN_MOUNTS

PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
MASTER=${MASTER:-$PROJECT/imgblstr-cli/target/imgblstr}
SLAVE=${SLAVE:-$PROJECT/imgslave-cli/target/imgslave}
MIB=1048576

ID=$(od -An -N3 -tx1 /dev/urandom | tr -d ' \n')   # in the name of everything made
WORK=''                                              # scratch folder, removed at the end
HOSTS=()                                             # namespaces: hub, m, s1, s2, ...
declare -A PID=()                                    # name of a program in the background -> pid
PASSED=0 FAILED=0 SKIPPED=0 FINISHED='' STUMBLED=''
ORIGINAL='' ORIGINAL_SUM=''                          # what targets are compared with, and its digest before the programs read it

# ---------------------------------------------------------------------------------------------------------------- reporting

pass() { PASSED=$((PASSED + 1)); printf 'pass  %s\n' "$*"; }
fail() { FAILED=$((FAILED + 1)); printf 'FAIL  %s\n' "$*"; }
skip() { SKIPPED=$((SKIPPED + 1)); printf 'skip  %s\n' "$*"; }
note() { printf '      %s\n' "$*"; }

# check TEXT COMMAND...: passes when the command succeeds; what it printed is shown only when it does not
check() {
    local text=$1 said
    shift
    if said=$("$@" 2>&1); then
        pass "$text"
    else
        fail "$text"
        tail -n 8 <<<"$said" | sed 's/^/      | /'
        is_original || note "$ORIGINAL itself has changed since its digest was taken: no target can be equal to it"
    fi
}

# compare_with DEVICE_OR_FILE: sets SUM to its digest; a check that fails from now on tells whether it is still what it was
compare_with() {
    ORIGINAL=$1
    SUM=$(digest "$1")
    ORIGINAL_SUM=$SUM
}

is_original() { [[ -z $ORIGINAL || ! -e $ORIGINAL || $(digest "$ORIGINAL") == "$ORIGINAL_SUM" ]]; }

same() { [[ $1 == "$2" ]] || { echo "expected: $2"; echo "found:    $1"; return 1; }; }

# Ends the script: the closing line, and exit code 1 when anything failed.
finish() {
    FINISHED=1
    printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
    exit $((FAILED > 0))
}

skip_all() { skip "$(basename "$0"): $*"; finish; }

# ------------------------------------------------------------------------------------------------------- beginning and end

# begin MIB TOOL...: a scratch folder with room for so many MiB; everything is skipped when root or a tool lacks
begin() {
    local mib=$1 tool lacking=()
    shift
    set -E
    trap 'STUMBLED="line $LINENO: $BASH_COMMAND"' ERR
    trap cleanup EXIT
    trap 'exit 130' INT TERM HUP
    [[ $EUID -eq 0 ]] || skip_all "needs root"
    for tool in ip losetup blockdev "$@"; do
        command -v "$tool" >/dev/null || lacking+=("$tool")
    done
    ((${#lacking[@]} == 0)) || skip_all "needs ${lacking[*]}"
    [[ -x $MASTER && -x $SLAVE ]] || skip_all "needs the programs: build them with 'mvn -q package -DskipTests'"
    make_work "$mib" || skip_all "needs $mib MiB in /dev/shm or ${TMPDIR:-/var/tmp}"
    mkdir "$WORK/log"
    printf '== %s\n' "$(basename "$0")"
}

# Memory is preferred to a disk, as long as as much again stays free for the programs.
make_work() {
    local mib=$1 place free available
    available=$(awk '/MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
    for place in ${WORK_IN:-/dev/shm "${TMPDIR:-/var/tmp}"}; do
        [[ -d $place && -w $place ]] || continue
        free=$(df --output=avail -BM "$place" | tail -1 | tr -dc 0-9)
        ((free >= mib + 64)) || continue
        [[ $(stat -f -c %T "$place") != tmpfs ]] || ((available >= mib + 2048)) || continue
        WORK=$(mktemp -d "$place/imgblstr-$ID-XXXXXX")
        return 0
    done
    return 1
}

cleanup() {
    local status=$? item
    trap - EXIT ERR
    trap "" PIPE INT TERM HUP   # nobody may listen any more, and the rest must still be removed
    set +e
    if [[ -z $FINISHED ]]; then
        fail "$(basename "$0") stopped before its end (status $status, $STUMBLED)"
        printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
        ((status)) || status=1
    fi
    for item in "${!PID[@]}"; do stop "$item"; done
    lan_down
    [[ ! -d /sys/fs/cgroup/blkio/imgblstr$ID ]] || unthrottle "/sys/fs/cgroup/blkio/imgblstr$ID"
    if [[ -n $WORK ]]; then
        while read -r item; do umount "$item"; done < <(awk -v work="$WORK/" 'index($2, work) == 1 { print $2 }' /proc/mounts)
        while read -r item; do detach "$item"; done < <(own_loops)
    fi
    if [[ -n $WORK && -n ${KEEP:-} ]]; then
        note "kept: $WORK"
    elif [[ -n $WORK ]]; then
        rm -rf "$WORK"
    fi
    exit "$status"
}

# ------------------------------------------------------------------------------------------------- programs in the background

# start NAME HOST COMMAND...: runs a program (not a shell function) on a host of the LAN, or on this one when HOST is "-".
# Shells start background programs with SIGINT ignored, and a JVM inherits that: env gives it back.
start() {
    local name=$1 host=$2
    shift 2
    if [[ $host == - ]]; then
        env --default-signal=INT,QUIT "$@" </dev/null >"$WORK/log/$name.out" 2>"$WORK/log/$name.err" &
    else
        ip netns exec "$(ns "$host")" env --default-signal=INT,QUIT "$@" </dev/null >"$WORK/log/$name.out" 2>"$WORK/log/$name.err" &
    fi
    PID[$name]=$!
}

is_running() { [[ -n ${PID[$1]:-} ]] && kill -0 "${PID[$1]}" 2>/dev/null; }

# outcome NAME SECONDS: waits for the end of a program, ends it after so long; sets CODE (124: not over in time)
outcome() {
    local name=$1 deadline=$((SECONDS + $2)) late=
    while is_running "$name"; do
        if ((SECONDS >= deadline)); then
            late=1
            kill -9 "${PID[$name]}" 2>/dev/null || true
            break
        fi
        sleep 0.05
    done
    CODE=0   # read by the scripts
    wait "${PID[$name]}" 2>/dev/null || CODE=$?
    # shellcheck disable=SC2034
    [[ -z $late ]] || CODE=124
    unset "PID[$name]"
}

stop() {
    if [[ -n ${PID[$1]:-} ]]; then
        kill -9 "${PID[$1]}" 2>/dev/null || true
        wait "${PID[$1]}" 2>/dev/null || true
    fi
    unset "PID[$1]"
}

# wait_for SECONDS COMMAND...: until the command succeeds
wait_for() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

said() { cat "$WORK/log/$1.err" "$WORK/log/$1.out" 2>/dev/null; }
show() { said "$1" | tail -n "${2:-6}" | sed "s/^/      $1| /"; }

# watch NAME: notes in the log folder, until a program ends, its peak resident memory (KiB) and the bytes it has read
watch() {
    local pid=${PID[$1]} file=$WORK/log/$1
    while grep -s VmHWM "/proc/$pid/status" >"$file.new"; do
        [[ ! -s $file.new ]] || mv "$file.new" "$file.peak"
        cat "/proc/$pid/io" >"$file.new" 2>/dev/null && mv "$file.new" "$file.io"
        sleep 0.1
    done &
    PID[$1.watch]=$!
}

peak_mib() { awk '{ print int($2 / 1024) }' "$WORK/log/$1.peak"; }
read_bytes() { awk '/^rchar/ { print $2 }' "$WORK/log/$1.io"; }

# -------------------------------------------------------------------------------------------------------- a LAN of namespaces

ns() { printf 'ib%s%s' "$ID" "$1"; }
on() { local host=$1; shift; ip netns exec "$(ns "$host")" "$@"; }

# lan_up N: one master (host m, 10.77.0.1) and N slaves (s1 ..., 10.77.0.11 ...) on one bridge. Set before:
#   WIRE=wire     each packet is one frame, as on a cable (default);  WIRE=offload: veth carries bundles of segments
#   MTU=1500
lan_up() {
    local count=$1 i host
    new_host hub
    ip -n "$(ns hub)" link add br0 type bridge mcast_snooping 0
    ip -n "$(ns hub)" link set br0 mtu "${MTU:-1500}" up
    join_lan m 1
    for ((i = 1; i <= count; i++)); do join_lan "s$i" $((10 + i)); done
    for host in m $(seq -f 's%.0f' 1 "$count"); do wait_for 5 is_up "$host"; done
}

new_host() {
    ip netns add "$(ns "$1")"
    HOSTS+=("$1")
    ip -n "$(ns "$1")" link set lo up
    on "$1" sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
}

is_up() { [[ $(on "$1" cat /sys/class/net/eth0/operstate) == up ]]; }

join_lan() {
    local host=$1 number=$2 space hub
    new_host "$host"
    space=$(ns "$host") hub=$(ns hub)
    ip link add eth0 mtu "${MTU:-1500}" netns "$space" type veth peer name "p$host" mtu "${MTU:-1500}" netns "$hub"
    if [[ ${WIRE:-wire} == wire ]]; then
        ip -n "$space" link set eth0 gso_max_segs 1
        ip -n "$hub" link set "p$host" gso_max_segs 1
        if command -v ethtool >/dev/null; then
            on "$host" ethtool -K eth0 tso off gso off gro off >/dev/null
            on hub ethtool -K "p$host" tso off gso off gro off >/dev/null
        fi
    fi
    ip -n "$hub" link set "p$host" master br0 up
    ip -n "$space" addr add "10.77.0.$number/24" dev eth0
    ip -n "$space" link set eth0 up
    ip -n "$space" route add 224.0.0.0/4 dev eth0
}

# lan_rate HOST RATE: what this host may send, as tc writes it (1gbit); the overhead is that of Ethernet frames on a cable
lan_rate() {
    on "$1" tc qdisc replace dev eth0 root handle 1: stab overhead 24 linklayer ethernet \
        tbf rate "$2" burst 64kb limit 16mb
}

# lan_loss HOST PER_MILLION: random loss of what this host receives by UDP, independent of the other hosts
lan_loss() {
    on "$1" nft -f - <<RULES
table netdev loss
delete table netdev loss
table netdev loss {
    chain in {
        type filter hook ingress device eth0 priority 0;
        ip protocol udp numgen random mod 1000000 < $2 counter drop
    }
}
RULES
}

lost() { on "$1" nft list table netdev loss | sed -n 's/.*packets \([0-9]*\).*/\1/p'; }

# Bytes that a host has put on the wire so far
wire_bytes() { on "$1" cat /sys/class/net/eth0/statistics/tx_bytes; }
sent_at_least() { (($(wire_bytes "$1") >= $2)); }

lan_down() {
    local host
    for host in "${HOSTS[@]}"; do ip netns del "$(ns "$host")" 2>/dev/null || true; done
    HOSTS=()
}

# --------------------------------------------------------------------------------------------------------------------- disks

# attach FILE SECTOR_BYTES [OFFSET LENGTH [OPTION...]]: sets DEV to a loop device
attach() {
    local file=$1 sector=$2 try options=(-b "$2")
    [[ $# -lt 4 ]] || options+=(-o "$3" --sizelimit "$4")
    [[ $# -lt 5 ]] || options+=("${@:5}")
    for try in 1 2 3 4 5; do
        if DEV=$(losetup -f --show "${options[@]}" "$file" 2>"$WORK/losetup.err"); then
            forget_partitions "$DEV"
            return 0
        fi
        sleep "0.$try"   # another program may have taken the free one between look and use
    done
    skip "no loop device of $sector byte sectors: $(tail -1 "$WORK/losetup.err")"
    finish
}

detach() {
    forget_partitions "$1"
    losetup -d "$1"
}

# A loop device keeps its partition devices when it is detached, and the next user stumbles over them.
forget_partitions() {
    local partition
    for partition in "$1"p*; do
        [[ ! -b $partition ]] || delpart "$1" "${partition##*p}" 2>/dev/null || true
    done
}

# throttle DEVICE BYTES_A_SECOND: prints a control group whose processes read and write the device no faster, past the page cache
throttle() {
    local group=/sys/fs/cgroup/blkio/imgblstr$ID number limit
    [[ -e /sys/fs/cgroup/blkio/blkio.throttle.write_bps_device ]] && mkdir "$group" || return 1
    number=$(cat "/sys/block/${1#/dev/}/dev")
    for limit in read write; do echo "$number $2" >"$group/blkio.throttle.${limit}_bps_device"; done
    printf '%s' "$group"
}

unthrottle() { wait_for 5 rmdir "$1"; }

own_loops() { losetup -n -l -O NAME,BACK-FILE | awk -v work="$WORK/" 'index($2, work) == 1 { print $1 }'; }

# dirty DEVICE_OR_FILE [DD_OPTION...]: writes junk over every byte, so that nothing is right because it was right before
dirty() {
    local bytes at length
    [[ -f $WORK/junk ]] || head -c $((32 * MIB)) /dev/urandom >"$WORK/junk"
    bytes=$(length_of "$1")
    for ((at = 0; at < bytes; at += 32 * MIB)); do
        length=$((bytes - at < 32 * MIB ? bytes - at : 32 * MIB))
        dd if="$WORK/junk" of="$1" bs=4M iflag=count_bytes oflag=seek_bytes count="$length" seek="$at" conv=notrunc status=none "${@:2}"
    done
    sync "$1"
}

# sectors_read DEVICE: sectors of 512 bytes that were read from it so far
sectors_read() { awk '{ print $3 }' "/sys/block/${1#/dev/}/stat"; }

length_of() { if [[ -b $1 ]]; then blockdev --getsize64 "$1"; else stat -c %s "$1"; fi; }

# digest DEVICE_OR_FILE [OFFSET LENGTH]: SHA-256 of a range, past the page cache of the device
digest() {
    [[ ! -b $1 ]] || blockdev --flushbufs "$1"
    if [[ $# -ge 3 ]]; then
        dd if="$1" bs=1M iflag=skip_bytes,count_bytes skip="$2" count="$3" status=none
    else
        dd if="$1" bs=1M status=none
    fi | openssl dgst -sha256 -r | cut -d' ' -f1
}

# partition_range DISK SECTOR_BYTES NUMBER: sets FROM and LENGTH, in bytes
partition_range() {
    local start size
    [[ ! -b $1 ]] || blockdev --flushbufs "$1"
    read -r start size < <(python3 "$PROJECT/bench/gpt.py" "$1" "$2" "$3") || return 1
    FROM=$start LENGTH=$size
}

# sample_disk FILE SECTOR_BYTES MIB [BTRFS_MIB]: a GPT disk with EFI FAT, ext4, NTFS, XFS, swap and, if asked for, Btrfs, filled with
# files of this machine to about 40 %, with stale data in free space. Beside it, FILE.N.sums holds the hashes of the files of partition N.
sample_disk() {
    local file=$1 sector=$2 mib=$3 btrfs=${4:-0} efi=40 swap=16 xfs rest ext4 ntfs
    xfs=$((mib / 4 > 304 ? mib / 4 : 304))   # mkfs.xfs makes nothing smaller than 300 MiB
    rest=$((mib - 2 - efi - swap - xfs - btrfs))
    ext4=$((rest / 2)) ntfs=$((rest - rest / 2))
    truncate -s "${mib}M" "$file"
    attach "$file" "$sector"
    local disk=$DEV
    sfdisk -q --no-reread --no-tell-kernel "$disk" <<TABLE
label: gpt
start=1MiB, size=${efi}MiB, type=U, name="EFI"
size=${ext4}MiB, type=L, name="root"
size=${ntfs}MiB, type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7, name="windows"
size=${xfs}MiB, type=L, name="data"
size=${swap}MiB, type=S, name="swap"
$( ((btrfs == 0)) || echo "size=${btrfs}MiB, type=L, name=\"home\"")
TABLE
    sync "$disk"
    blockdev --flushbufs "$disk"
    detach "$disk"
    mkdir -p "$WORK/mnt"
    sample_partition "$file" "$sector" 1 mkfs.fat -I -n EFI
    detach "$DEV"
    fill_fat "$file" "$((efi / 4))"
    sample_partition "$file" "$sector" 2 mkfs.ext4 -q -F -E nodiscard
    fill_mounted "$file.2.sums" $((ext4 * 55 / 100)) "" -t ext4
    sample_partition "$file" "$sector" 3 mkntfs -q -Q -F
    fill_mounted "$file.3.sums" $((ntfs * 50 / 100)) "no links" -t ntfs-3g
    sample_partition "$file" "$sector" 4 mkfs.xfs -q -f -K
    fill_mounted "$file.4.sums" $((xfs * 15 / 100)) "" -t xfs
    sample_partition "$file" "$sector" 5 mkswap -q
    detach "$DEV"
    ((btrfs > 0)) || return 0
    sample_partition "$file" "$sector" 6 mkfs.btrfs -q -f -K
    fill_mounted "$file.6.sums" $((btrfs * 25 / 100)) "" -t btrfs
}

# Makes one partition's loop device with stale bytes in it and a fresh file system on top; sets DEV.
sample_partition() {
    local file=$1 sector=$2 number=$3
    shift 3
    partition_range "$file" "$sector" "$number"
    attach "$file" "$sector" "$FROM" "$LENGTH"
    head -c $((LENGTH / 10)) /dev/urandom \
        | dd of="$DEV" bs=1M seek=$((LENGTH / 2)) oflag=seek_bytes iflag=fullblock conv=notrunc status=none
    "$@" "$DEV" >"$WORK/mkfs.log" 2>&1 || { cat "$WORK/mkfs.log"; return 1; }
}

# file_list MIB [COUNT]: files of this machine up to so many MiB in all, one a line
file_list() {
    find /usr/lib /usr/share -xdev -type f -size -3M -printf '%s %p\n' 2>/dev/null | LC_ALL=C sort -k2 \
        | awk -v left=$(($1 * MIB)) -v count="${2:-1000000}" \
            'NF == 2 && count > 0 && $1 + 4096 <= left && $2 !~ /[:*?"<>|\\]/ { left -= $1 + 4096; count--; print $2 }'
}

fill_mounted() {
    local sums=$1 mib=$2 plain=$3 mounted=$WORK/mnt
    shift 3
    mount "$@" "$DEV" "$mounted"
    head -c $((mib * MIB / 10)) /dev/urandom >"$mounted/deleted"
    sync -f "$mounted"
    rm "$mounted/deleted"
    mkdir "$mounted/files"
    file_list $((mib * 9 / 10)) >"$WORK/list"
    tar -C / -cf - --transform='s,^/,,' -P -T "$WORK/list" | tar -C "$mounted/files" --no-same-owner --no-same-permissions -xf -
    : >"$mounted/empty"
    truncate -s 1M "$mounted/sparse"
    printf tail >>"$mounted/sparse"
    if [[ -z $plain ]]; then
        ln -s empty "$mounted/symbolic"
        ln "$mounted/sparse" "$mounted/hard"
    fi
    (cd "$mounted" && find . -type f -print0 | sort -z | xargs -0 sha256sum) >"$sums"
    unmount "$mounted"
    detach "$DEV"
}

# FAT is written and read with mtools, because not every kernel has vfat; they want a file, not a device.
fill_fat() {
    file_list "$2" 40 >"$WORK/list"
    mmd -i "$1@@$FROM" ::/EFI
    # shellcheck disable=SC2016
    xargs -a "$WORK/list" sh -c 'exec mcopy -o -i "$0" "$@" ::/EFI/' "$1@@$FROM"
    read_fat "$1" >"$1.1.sums"
}

read_fat() {
    local into
    into=$(mktemp -d "$WORK/fat-XXXXXX")
    mcopy -n -s -i "$1@@$FROM" ::/EFI "$into/"
    (cd "$into" && find . -type f -print0 | sort -z | xargs -0 sha256sum)
    rm -rf "$into"
}

unmount() {
    wait_for 5 umount "$1" 2>/dev/null
}

# whole_filesystem FILE SECTOR_BYTES NUMBER SUMS: fsck of a partition, and every file as it was
whole_filesystem() {
    local file=$1 sector=$2 number=$3 sums=$4 type status=0
    partition_range "$file" "$sector" "$number" || return 1
    attach "$file" "$sector" "$FROM" "$LENGTH" -r
    type=$(blkid -p -o value -s TYPE "$DEV")
    case $type in
        vfat) fsck.fat -n "$DEV" && diff <(read_fat "$file") "$sums" || status=1 ;;
        ext4) e2fsck -fn "$DEV" && whole_files "$sums" -t ext4 -o ro,noload || status=1 ;;
        ntfs) { [[ -n ${FILES_ONLY:-} ]] || ntfsfix -n "$DEV"; } && whole_files "$sums" -t ntfs-3g -o ro || status=1 ;;
        xfs) xfs_repair -n "$DEV" && whole_files "$sums" -t xfs -o ro,norecovery,nouuid || status=1 ;;
        btrfs) btrfs check --check-data-csum "$DEV" && whole_files "$sums" -t btrfs -o ro || status=1 ;;
        swap) swaplabel "$DEV" || status=1 ;;
        *) echo "partition $number: no file system is recognised: '$type'"; status=1 ;;
    esac
    detach "$DEV"
    return "$status"
}

whole_files() {
    local sums=$1 status=0
    shift
    mkdir -p "$WORK/mnt"
    mount "$@" "$DEV" "$WORK/mnt"
    (cd "$WORK/mnt" && sha256sum --quiet -c "$sums") || status=1
    unmount "$WORK/mnt"
    return "$status"
}
