# shellcheck shell=bash
# One master and its slaves on the LAN of lib.sh. TARGET[i] is what slave i writes to.

# shellcheck source=bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

TARGET=()              # slave number -> device or file
declare -A ENDED=()    # "master" or slave number -> exit code

slave_numbers() { printf '%s\n' "${!TARGET[@]}"; }

# slaves_up [OPTION...]: starts a slave for each target and waits until all listen
slaves_up() {
    local i
    for i in $(slave_numbers); do slave_up "$i" "$@"; done
    for i in $(slave_numbers); do
        wait_for 30 listens "slave$i" || { fail "slave $i does not listen"; show "slave$i"; return 1; }
    done
}

slave_up() { start "slave$1" "s$1" "$SLAVE" --yes --label "slave$1" "${@:2}" "${TARGET[$1]}"; }

listens() { grep -qs '^listening' "$WORK/log/$1.err"; }

master_up() { start master m "$MASTER" --yes "$@"; }

# session SECONDS MASTER_OPTION...: slaves and master from start to end; exit codes in ENDED
session() {
    local seconds=$1
    shift
    slaves_up || true
    master_up "$@"
    session_end "$seconds"
}

# session_end SECONDS [SLAVE_SECONDS]: waits for the master, then so long for each slave
session_end() {
    local i
    outcome master "$1"
    ENDED[master]=$CODE
    for i in $(slave_numbers); do
        outcome "slave$i" "${2:-30}"
        ENDED[$i]=$CODE
    done
}

# ended TEXT MASTER_CODE SLAVE_CODE: checks the exit codes of the last session
ended() {
    local i all=$2 found=${ENDED[master]}
    for i in $(slave_numbers); do
        all+=" $3"
        found+=" ${ENDED[$i]}"
    done
    if [[ $found == "$all" ]]; then
        pass "$1: exit codes $found"
    else
        fail "$1: exit codes $found, expected $all"
        show master
        for i in $(slave_numbers); do [[ ${ENDED[$i]} == "$3" ]] || show "slave$i" 4; done
    fi
}

# targets_dirty [DISK...]: junk on all targets, and on the disks named
targets_dirty() {
    local target options=()
    for target in "${TARGET[@]}" "$@"; do
        options=()
        [[ ! -b $target ]] || options=(oflag=seek_bytes,direct)
        dirty "$target" "${options[@]}"
    done
}

# targets_equal DIGEST [OFFSET LENGTH]: whether every target has this content
targets_equal() {
    local i status=0
    for i in $(slave_numbers); do
        same "$(digest "${TARGET[$i]}" "${@:2}")" "$1" || { echo "slave $i differs"; status=1; }
    done
    return "$status"
}

# random_file FILE MIB: bytes that no codec makes smaller
random_file() { head -c $(($2 * MIB)) /dev/urandom >"$1"; }
