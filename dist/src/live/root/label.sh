# The name of this machine at the operator's master. Sourced; SYS names another folder than /sys for tests.

SYS=${SYS:-/sys}
. "${here:-/usr/lib/imgblstr-live}/text.sh"

# is_name TEXT: false for what makers leave in an asset tag or serial number when there is none
is_name() {
  case $(lower "$1" | tr -d ' ._-') in
    '' | none | null | na | n/a | unknown | default* | notspecified | notapplicable | notavailable | invalid | oem | *o.e.m* | *tobefilled* | \
      systemserialnumber | serialnumber | chassisserialnumber | assettag | noasset* | assettagnumber | chassisassettag | *1234567*) return 1 ;;
    *[!0x]*) ;;
    *) return 1 ;; # zeros only
  esac
}

# label_of_machine MAC: asset tag, else serial number, else MAC
label_of_machine() {
  for file in chassis_asset_tag board_asset_tag product_serial chassis_serial board_serial; do
    [ -r "$SYS/class/dmi/id/$file" ] || continue
    text=$(printable <"$SYS/class/dmi/id/$file" | cut -c 1-64)
    if is_name "$text"; then
      echo "$text"
      return
    fi
  done
  echo "$1"
}
