# Addresses by DHCP on each interface with a cable. Sourced; SYS names another folder than /sys for tests.

SYS=${SYS:-/sys}
here=${here:-/usr/lib/imgblstr-live}

# interfaces: names of all Ethernet interfaces of real or virtual cards, one on a line
interfaces() {
  for folder in "$SYS"/class/net/*; do
    if [ -e "$folder/device" ] && [ "$(cat "$folder/type")" = 1 ]; then
      echo "${folder##*/}"
    fi
  done
}

has_link() {
  [ "$(cat "$SYS/class/net/$1/carrier" 2>/dev/null)" = 1 ]
}

has_address() {
  ip -4 addr show dev "$1" 2>/dev/null | grep -q 'inet '
}

hardware_address() {
  cat "$SYS/class/net/$1/address"
}

# ask_for_addresses: starts a DHCP client on each interface that has none yet; it goes on asking for as long as the system runs
ask_for_addresses() {
  for interface in $(interfaces); do
    [ ! -e "/run/udhcpc.$interface.pid" ] || continue
    : >"/run/udhcpc.$interface.pid"
    ip link set "$interface" up
    udhcpc -f -i "$interface" -p "/run/udhcpc.$interface.pid" -s "$here/udhcpc" -t 4 -T 2 -A 3 >"/run/udhcpc.$interface.log" 2>&1 &
  done
}

# interface_of WORD: the name of the interface with this hardware address; WORD itself when there is none
interface_of() {
  for interface in $(interfaces); do
    if [ "$(hardware_address "$interface")" = "$(echo "$1" | tr 'A-F-' 'a-f:')" ]; then
      echo "$interface"
      return
    fi
  done
  echo "$1"
}

# is_network_there [INTERFACE]: whether it has an address; any interface when none is named, or one that is not there by this name
is_network_there() {
  if [ -n "${1:-}" ] && [ -e "$SYS/class/net/$1" ]; then
    has_address "$1"
    return
  fi
  for interface in $(interfaces); do
    ! has_address "$interface" || return 0
  done
  return 1
}

# network_lack: what each interface lacks, in one line
network_lack() {
  lack=''
  for interface in $(interfaces); do
    if ! has_link "$interface"; then
      lack="$lack; $interface has no link"
    elif ! has_address "$interface"; then
      lack="$lack; $interface has no address from DHCP yet"
    fi
  done
  [ -n "$(interfaces)" ] || lack='; no network card is known to this system'
  echo "${lack#; }"
}

# wait_for_network SECONDS [INTERFACE]: until there is an address, but no longer
wait_for_network() {
  left=$1
  until is_network_there "${2:-}"; do
    [ "$left" -gt 0 ] || return 1
    [ $((left % 10)) -ne 5 ] || echo "waiting for the network: $(network_lack)"
    sleep 1
    ask_for_addresses # a card on USB may come late
    left=$((left - 1))
  done
}

# fetch URL FILE: a file that is not empty, for root alone, in half a minute at most
fetch() {
  rm -f "$2"
  (umask 077 && timeout 30 wget -q -O "$2" "$1") && [ -s "$2" ]
}

# tell_done URL: tells the server that this machine was booted from that its disk is complete
tell_done() {
  left=5
  until timeout 5 wget -q -O /dev/null --post-data complete "$1" 2>/dev/null; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep 2
  done
}
