# Which disks there are, and which of them is meant. Sourced; SYS and DEV name other folders than /sys and /dev for tests.
# shellcheck disable=SC2034 # others use disk and reason

SYS=${SYS:-/sys}
DEV=${DEV:-/dev}
. "${here:-/usr/lib/imgblstr-live}/text.sh"
live_mark=IMGBLSTR_LIVE # the volume name of the ISO, which dist/build gives it

# disk_names: kernel names of all disks with a medium, one on a line
disk_names() {
  for folder in "$SYS"/block/*; do
    case ${folder##*/} in
      '*' | loop* | ram* | zram* | sr* | fd* | md* | dm-* | nbd* | mtdblock* | mmcblk*boot* | mmcblk*rpmb) continue ;;
    esac
    [ "$(attribute "$folder/size")" != 0 ] || continue
    [ "$(attribute "$folder/hidden")" != 1 ] || continue # one path of several to the same disk
    echo "${folder##*/}"
  done
}

# attribute FILE...: the first that says anything, without blanks around it
attribute() {
  for file in "$@"; do
    [ -r "$file" ] || continue
    text=$(printable <"$file" 2>/dev/null)
    [ -z "$text" ] || { echo "$text"; return; }
  done
}

disk_model() {
  vendor=$(attribute "$SYS/block/$1/device/vendor")
  case $vendor in ATA | 0x*) vendor='' ;; esac
  echo "${vendor:+$vendor }$(attribute "$SYS/block/$1/device/model" "$SYS/block/$1/device/name")"
}

disk_serial() {
  serial=$(attribute "$SYS/block/$1/serial" "$SYS/block/$1/device/serial" "$SYS/block/$1/device/cid")
  if [ -z "$serial" ] && [ -r "$SYS/block/$1/device/vpd_pg80" ]; then
    # page of SCSI: four bytes of header
    serial=$(tail -c +5 "$SYS/block/$1/device/vpd_pg80" | printable)
  fi
  echo "$serial"
}

# disk_wwn NAME: without the word that tells its kind (naa., eui.)
disk_wwn() {
  attribute "$SYS/block/$1/wwid" "$SYS/block/$1/device/wwid" | sed 's/^\(naa\|eui\|0x\)\.*//'
}

disk_bytes() {
  echo $(($(attribute "$SYS/block/$1/size") * 512))
}

disk_size() {
  disk_bytes "$1" | awk '{
    split("bytes KiB MiB GiB TiB PiB", unit)
    for (i = 1; $1 >= 1024 && i < 6; i++) $1 /= 1024
    printf i == 1 ? "%d %s\n" : "%.1f %s\n", $1, unit[i]
  }'
}

# is_fixed NAME: not made to be pulled out in daily use
is_fixed() {
  [ "$(attribute "$SYS/block/$1/removable")" != 1 ] || return 1
  [ "$(attribute "$SYS/block/$1/device/type")" != SD ] || return 1
  case $(readlink -f "$SYS/block/$1") in */usb[0-9]*) return 1 ;; esac
}

# is_live NAME: the medium that this system was started from, or one like it
is_live() {
  [ "$(dd if="$DEV/$1" bs=1 skip=32808 count=13 2>/dev/null | tr -d '\000')" = "$live_mark" ]
}

# disk_of NAME: the whole disk that a partition is on, or NAME itself when it is a disk
disk_of() {
  if [ -d "$SYS/block/$1" ]; then
    echo "$1"
    return
  fi
  for folder in "$SYS"/block/*/"$1"; do
    [ -d "$folder" ] || continue
    folder=${folder%/*}
    echo "${folder##*/}"
  done
}

# fits NAME WHAT: whether this disk is meant by only, serial=, wwn= or model=
fits() {
  ! is_live "$1" || return 1
  wanted=$(lower "${2#*=}")
  case $2 in
    only) is_fixed "$1" ;;
    serial=*) [ "$(lower "$(disk_serial "$1")")" = "$wanted" ] ;;
    wwn=*) [ "$(lower "$(disk_wwn "$1")")" = "$(lower "$wanted" | sed 's/^\(naa\|eui\|0x\)\.*//')" ] ;;
    model=*) case $(lower "$(disk_model "$1")") in *"$wanted"*) ;; *) return 1 ;; esac ;;
  esac
}

# find_disk WHAT: sets disk to the one device that WHAT names; otherwise disk is empty and reason tells why
find_disk() {
  disk='' reason=''
  case $1 in
    /dev/*) find_path "${1#/dev/}" ;;
    *) find_one "$1" ;;
  esac
  [ -n "$disk" ]
}

find_path() {
  whole=$(disk_of "$1")
  if [ -z "$whole" ]; then
    reason="/dev/$1 is not there"
  elif is_live "$whole"; then
    reason="/dev/$1 holds this live system and is never overwritten"
  else
    disk=$1
  fi
}

find_one() {
  found='' count=0
  for candidate in $(disk_names); do
    if fits "$candidate" "$1"; then
      found=$candidate count=$((count + 1))
    fi
  done
  case $1 in
    only) kind="fixed disks are here" ;;
    *) kind="disks have $1" ;;
  esac
  case $count in
    1) disk=$found ;;
    0) reason="no $(echo "$kind" | sed 's/disks are/disk is/; s/disks have/disk has/')" ;;
    *) reason="$count $kind" ;;
  esac
}

# disk_table: a numbered line for each disk that may be chosen, and a line for each that may not
disk_table() {
  number=0
  for name in $(disk_names); do
    parts=$(find "$SYS/block/$name/" -maxdepth 2 -name partition | wc -l)
    note=''
    is_fixed "$name" || note=', removable'
    if is_live "$name"; then
      mark=' -' note="$note, THIS LIVE SYSTEM: never overwritten"
    else
      number=$((number + 1)) mark=$number
    fi
    [ "$parts" = 1 ] && parts='1 partition' || parts="$parts partitions"
    printf '%3s  /dev/%-10s %9s  %s, serial %s, %s%s\n' "$mark" "$name" "$(disk_size "$name")" "$(disk_model "$name")" \
      "$(disk_serial "$name" | sed 's/^$/unknown/')" "$parts" "$note"
  done
}

# disk_number NUMBER: the name of the disk that the table gives this number
disk_number() {
  for name in $(disk_names); do
    is_live "$name" && continue
    number=$((${number_before:-0} + 1))
    number_before=$number
    [ "$number" != "$1" ] || echo "$name"
  done
  number_before=''
}
