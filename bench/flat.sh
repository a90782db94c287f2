# shellcheck shell=bash
# shellcheck disable=SC2034   # read by bench/tools.sh
# Scenario flat: independent random loss at each slave, from none to 10 %. See bench/README.md.

FLAT_SLAVES=${FLAT_SLAVES:-16}
FLAT_MIB=${FLAT_MIB:-128}
FLAT_RATE=${FLAT_RATE:-50mbit}
FLAT_LOSSES=${FLAT_LOSSES:-0 1 5 10}   # per cent
FLAT_LIMIT=${FLAT_LIMIT:-100}          # seconds after which a program counts as not finishing

scenario_flat() {
    local repetition loss tool i
    OURS_MASTER=("${RAW[@]}")
    plain_disks "$FLAT_SLAVES" "$FLAT_MIB"
    lan_up "$FLAT_SLAVES"
    lan_rate m "$FLAT_RATE"
    for ((repetition = 1; repetition <= REPEAT; repetition++)); do
        for loss in $FLAT_LOSSES; do
            for i in $(slave_list "$FLAT_SLAVES"); do lan_loss "s$i" $((loss * 10000)); done
            for tool in ${TOOLS:-ours udpcast udpcast_fec uftp}; do flat_run "$loss" "$tool" "$repetition"; done
        done
    done
    lan_down
    no_disks
    if python3 "$BENCH/flat.py" "$RESULTS" "$FLAT_RATE"; then pass "flat: every bar is met"; else fail "flat: a bar is not met"; fi
}

# flat_run LOSS TOOL REPETITION
flat_run() {
    local loss=$1 tool=$2 repetition=$3 same=no i seconds='' LIMIT=$FLAT_LIMIT
    for i in $(slave_list "$FLAT_SLAVES"); do dirty "${TARGETS[i]}"; done
    "tool_$tool" "$FLAT_SLAVES"
    ((GOOD == 0)) || same=$(identical "$tool" "$FLAT_SLAVES")
    rm -rf "$WORK"/uftp*
    if [[ $same == yes ]]; then
        seconds=$(awk -v first="${RESULT[first]}" -v total="${RESULT[total]}" 'BEGIN { printf "%.3f", total - first }')
    fi
    flat_line "$loss" "$tool" "$repetition" "$FLAT_SLAVES" "$FLAT_MIB" "$seconds" "${RESULT[first]:-}" "${RESULT[last]:-}" "${RESULT[datagrams]:-}" "${RESULT[wire]:-}"
    note "flat $loss % $tool #$repetition: ${seconds:-did not finish}${seconds:+ s}, ${RESULT[datagrams]:--} datagrams"
    [[ $tool != ours || $same == yes ]] || { fail "flat $loss % ours #$repetition"; show sender; }
}

flat_line() {
    local IFS=$'\t'
    [[ -f $RESULTS/flat.tsv ]] || printf 'loss\ttool\trepetition\tslaves\tmib\tseconds\tfirst\tlast\tdatagrams\twire\n' >"$RESULTS/flat.tsv"
    printf '%s\n' "$*" >>"$RESULTS/flat.tsv"
}
