# Brings the account of a run to where imgslave.log= asks for. Sourced, after disks.sh; LOG_MOUNT names another folder for tests.

LOG_MOUNT=${LOG_MOUNT:-/run/stick}

# deliver_log NAME TARGET: to a stick or a server, if one is asked for; NAME is that of this machine, TARGET the device that was written.
# Says where the account is then, or why it is not there; the disk is as it is in both cases.
deliver_log() {
  destination=$(log_place "$arg_log" "$1")
  why='' # of a failure
  case $arg_log in
    stick:*) log_to_stick "$destination" "$2" ;;
    *) log_to_server "$destination" ;;
  esac
  if [ -z "$why" ]; then
    echo "the account of this run is at $destination"
  else
    echo "the account of this run could not be put at $destination: $why. It is in $log_file until this machine goes off"
  fi
}

# is_log_wanted: whether imgslave.log= names a place beyond this machine
is_log_wanted() {
  case ${arg_log:-} in
    stick:* | http:*) ;;
    *) return 1 ;;
  esac
}

# log_place PLACE NAME: a PLACE that ends with a slash is a folder, and gets a file with the name of the machine
log_place() {
  case $1 in
    */) echo "$1$(printf %s "$2" | tr -c 'A-Za-z0-9._-' '_').log" ;;
    *) echo "$1" ;;
  esac
}

# volume_label DEVICE: of an ext2, ext3, ext4 or FAT file system; nothing for others
volume_label() {
  case $(dd if="$1" bs=1 skip=1080 count=2 2>/dev/null | od -An -tx1 | tr -d ' \n') in
    53ef) tune2fs -l "$1" 2>/dev/null | sed -n 's/^Filesystem volume name: *//p' ;;
    *) fatlabel "$1" 2>/dev/null | sed 's/ *$//' ;;
  esac
}

# volumes DISK: names of the disk and its partitions, one on a line
volumes() {
  echo "$1"
  for folder in "$SYS/block/$1/$1"*; do
    [ ! -e "$folder/partition" ] || echo "${folder##*/}"
  done
}

# find_stick LABEL TARGET: the one volume with this label on a removable disk that is neither the target nor the live medium, else why is set
find_stick() {
  stick='' count=0
  for candidate in $(disk_names); do
    if is_fixed "$candidate" || is_live "$candidate" || [ "$candidate" = "$(disk_of "$2")" ]; then continue; fi
    for volume in $(volumes "$candidate"); do
      [ "$(volume_label "$DEV/$volume")" = "$1" ] || continue
      stick=$volume count=$((count + 1))
    done
  done
  case $count in
    1) ;;
    0) why="no stick here has a FAT or ext file system with the label $1" ;;
    *) why="$count file systems on sticks have the label $1" ;;
  esac
  [ "$count" = 1 ]
}

# log_to_stick stick:LABEL/PATH TARGET: mounts it only now, and only for this
log_to_stick() {
  label=${1#stick:}
  file=$LOG_MOUNT/${label#*/}
  label=${label%%/*}
  find_stick "$label" "$2" || return
  mkdir -p "$LOG_MOUNT"
  if ! mount_stick ext4 && ! mount_stick vfat; then
    why="/dev/$stick cannot be mounted for writing"
    return
  fi
  copy_log "$file" || [ -n "$why" ] || why="/dev/$stick does not take it"
  sync
  umount "$LOG_MOUNT" || why="/dev/$stick cannot be unmounted; switch the machine off before you pull it out"
}

mount_stick() {
  mount -t "$1" -o rw,nodev,nosuid,noexec "$DEV/$stick" "$LOG_MOUNT" 2>/dev/null
}

# copy_log FILE: below LOG_MOUNT, whatever links somebody has put on the stick
copy_log() {
  folder=${1%/*}
  mkdir -p "$folder" 2>/dev/null
  case $(realpath "$folder" 2>/dev/null)/ in
    "$LOG_MOUNT"/*) ;;
    *)
      why='its folder is a link, or cannot be made'
      return 1
      ;;
  esac
  [ ! -d "$1" ] || return 1
  rm -f "$1" && cp "$log_file" "$1" 2>/dev/null && cmp -s "$log_file" "$1"
}

# log_to_server URL: by HTTP PUT
log_to_server() {
  where=${1#http://}
  host=${where%%/*} port=80
  case $host in *:*) port=${host##*:} host=${host%:*} ;; esac
  answer=$(put_request "$where" | timeout 30 nc "$host" "$port" 2>/dev/null | head -n 1 | tr -d '\r')
  case $answer in
    HTTP/1.[01]\ 2??*) ;;
    '') why='nobody answers there' ;;
    *) why="the server says '$(printf %s "$answer" | printable)'" ;;
  esac
}

# put_request HOST[:PORT]/PATH
put_request() {
  printf 'PUT /%s HTTP/1.0\r\nHost: %s\r\nContent-Type: text/plain\r\nContent-Length: %s\r\n\r\n' "${1#*/}" "${1%%/*}" "$(wc -c <"$log_file")"
  cat "$log_file"
}
