#!/bin/bash
# Random loss of what each of four slaves receives, and at last of what the master receives too: every target is still identical.

# shellcheck source=acceptance/session.sh
. "$(dirname "$0")/session.sh"

MIB_SENT=${MIB_SENT:-96}
SLAVES=4

# with_loss PER_MILLION HOST...
with_loss() {
    local rate=$1 host text
    shift
    for host in "$@"; do lan_loss "$host" "$rate"; done
    text="$((rate / 10000)) % loss at $*"
    targets_dirty
    local since=$SECONDS
    session 240 --broadcast --disk "$WORK/source" --slaves "$SLAVES"
    ended "$text, $((SECONDS - since)) s" 0 0
    check "$text: targets are the source" targets_equal "$SUM"
    check "$text: datagrams were lost ($(lost s1) at s1)" test "$(lost s1)" -gt 100
}

begin $((MIB_SENT * 5 + 200)) nft openssl
lan_up "$SLAVES"
random_file "$WORK/source" "$MIB_SENT"
compare_with "$WORK/source"
for ((i = 1; i <= SLAVES; i++)); do
    TARGET[i]=$WORK/target$i
    truncate -s "${MIB_SENT}M" "$WORK/target$i"
done
with_loss 10000 s1 s2 s3 s4
with_loss 50000 s1 s2 s3 s4
with_loss 50000 m s1 s2 s3 s4
finish
